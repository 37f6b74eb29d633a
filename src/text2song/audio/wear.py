"""The age of a recording: tape that runs unevenly and a record that crackles, part of the sound of lo-fi styles.

Wow is a slow and flutter a fast swing of the tape's speed (IEC 60386 measures them as pitch); crackle is dust under the
needle. All of it is a function of time alone, so the same song wears alike in every run.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import filter_stem, highpass, lowpass
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.synth.noise import seed_of, white

_WOW_HZ, _FLUTTER_HZ = 0.55, 6.3
#: Flutter's depth in pitch as a share of wow's.
_FLUTTER = 0.3
#: The longest swing either way, frames.
_FURTHEST = 504
#: Specks of dust a second, the loudest this much above the record's hiss, dB.
_SPECKS, _SPECK_DB = 9, 26.0
_BLOCK = 1 << 17
#: Frames of a tape that are worked out at a time.
_AT_ONCE = 256
#: Brings white noise, of which the filters leave a third, back to an RMS of 1.
_HISS = 3**0.5 * 1.8


def run_unevenly(audio: Stereo, cents: float) -> None:
    """Play `audio` from a tape whose speed swings by `cents`, in place; everything comes some milliseconds late."""
    if cents <= 0:
        return
    depth = 2 ** (cents / 1200) - 1
    slow = depth * SAMPLE_RATE / (2 * pi * _WOW_HZ)
    fast = _FLUTTER * depth * SAMPLE_RATE / (2 * pi * _FLUTTER_HZ)
    scale = min(1.0, _FURTHEST / (slow + fast))
    _run(audio, slow * scale, fast * scale)


def crackle(audio: Stereo, decibels: float) -> None:
    """Add the surface of an old record to `audio`, in place; its hiss lies at `decibels` below full scale."""
    for number, start in enumerate(range(0, audio.shape[0], _BLOCK)):
        piece = audio[start : start + _BLOCK]
        surface = _surface(number)[: piece.shape[0]] * np.float32(10 ** (decibels / 20))
        if start + _BLOCK >= audio.shape[0]:
            # The needle is lifted: the song ends in silence.
            tail = min(piece.shape[0], SAMPLE_RATE // 2)
            surface[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)[:, None]
        piece += surface


def _surface(number: int) -> Stereo:
    """Return a block of hiss and dust, hiss at an RMS of 1."""
    hiss = np.stack([white(seed_of("hiss", number, side), _BLOCK) for side in range(2)], axis=1)
    specks = round(_SPECKS * _BLOCK / SAMPLE_RATE)
    places = ((white(seed_of("dust", number), specks) + 1) / 2 * (_BLOCK - 400)).astype(np.int64)
    sizes = (white(seed_of("size", number), specks) + 1) / 2
    shape = np.exp(-np.arange(160) / 25.0) * np.hanning(320)[160:]
    noise = white(seed_of("speck", number), 160)
    dust = np.zeros((_BLOCK, 2))
    for place, size in zip(places.tolist(), sizes.tolist(), strict=True):
        # Few specks are large, and most lie to one side of the groove.
        loud = 10 ** (_SPECK_DB / 20) * size**4
        dust[place : place + 160] += (loud * shape * noise)[:, None] * (0.6 + 0.4 * size, 1.0 - 0.4 * size)
    out = np.asarray(hiss * _HISS + dust, dtype=np.float32)
    filter_stem(out, (highpass(500.0), lowpass(7000.0)))
    return out


@kernel
def _run(audio: Stereo, slow: float, fast: float) -> None:
    delays = np.empty(_AT_ONCE)
    middle = slow + fast + 2.0
    # From the end to the beginning: what a frame is made of lies before it, and has not been written over.
    for start in range((audio.shape[0] - 1) // _AT_ONCE * _AT_ONCE, -1, -_AT_ONCE):
        _swing(start, slow, fast, delays)
        for frame in range(min(_AT_ONCE, audio.shape[0] - start) - 1, -1, -1):
            delay = middle + delays[frame]
            back = int(delay)
            part, at = delay - back, start + frame - back
            if at >= 2:
                for side in range(2):
                    a, b = np.float64(audio[at + 1, side]), np.float64(audio[at, side])
                    c, d = np.float64(audio[at - 1, side]), np.float64(audio[at - 2, side])
                    audio[start + frame, side] = _between(part, a, b, c, d)
            else:
                for side in range(2):
                    a, b = np.float64(_heard(audio, at + 1, side)), np.float64(_heard(audio, at, side))
                    c, d = np.float64(_heard(audio, at - 1, side)), np.float64(_heard(audio, at - 2, side))
                    audio[start + frame, side] = _between(part, a, b, c, d)


@kernel
def _swing(start: int, slow: float, fast: float, delays: NDArray[np.float64]) -> None:
    """Set `delays` to the swing of the tape from a frame on: two pointers, turned from frame to frame."""
    wow, flutter = 2 * pi * _WOW_HZ / SAMPLE_RATE, 2 * pi * _FLUTTER_HZ / SAMPLE_RATE
    first, second = slow * np.exp(1j * wow * start), fast * np.exp(1j * flutter * start)
    turn, other = np.exp(1j * wow), np.exp(1j * flutter)
    for frame in range(delays.shape[0]):
        delays[frame] = first.imag + second.real
        first *= turn
        second *= other


@kernel
def _heard(audio: Stereo, frame: int, side: int) -> float:
    """Before a song is silence."""
    return float(audio[frame, side]) if frame >= 0 else 0.0


@kernel
def _between(part: float, a: float, b: float, c: float, d: float) -> float:
    """Return the cubic through b (at 0) and c (at 1) with their neighbours' slopes (Catmull and Rom 1974)."""
    one, two = 0.5 * (c - a), 0.5 * (d - b)
    return ((2 * (b - c) + one + two) * part + (3 * (c - b) - 2 * one - two)) * part * part + one * part + b
