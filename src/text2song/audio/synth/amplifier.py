"""The amplifier of guitars and basses: a waveshaper at four times the rate between filters, and a loudspeaker in a box.

A tube stage bends the wave; bent at the common rate its harmonics would fold back as sour tones. A cabinet is no plain
low-pass: its box booms, its cone breaks up in ridges, its sound ends steeply near 5 kHz. Its response is drawn as
points and played as a minimum-phase filter.
"""

from __future__ import annotations

import tomllib
from functools import cache, partial
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, oaconvolve

from text2song.audio.halves import Span, in_halves
from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel

#: Samples inside the shaper for one outside, and the length of its filters in samples outside.
_TIMES, _REACH = 4, 16
#: Frames that go through the shaper at a time, more than all its filters see.
_BLOCK = 128
_CABINET_TAPS = 1024
#: Frames that go through a cabinet at a time: sixteen of the blocks that suit a filter of that length best.
_PIECE = 16 * 10_296
_FFT = 8192


def drive(signal: NDArray[np.float32], gain: float, bias: float) -> None:
    """Drive `signal` (channels, frames) in place into x / √(1 + x²), `gain` (linear) into the bend, level kept."""
    filters = _filters()
    middle, frames = signal.shape[1] // 2, signal.shape[1]
    for channel in signal:
        # Of what lies before and behind a half, the filters see less than a block: it is kept before either is bent.
        before, behind = (channel[max(0, middle - _BLOCK) : middle].copy(), channel[middle : middle + _BLOCK].copy())
        in_halves(partial(_drive_half, channel, (before, behind), filters, gain, bias), middle, frames)


def _drive_half(
    channel: NDArray[np.float32],
    edges: tuple[NDArray[np.float32], NDArray[np.float32]],
    filters: NDArray[np.float32],
    gain: float,
    bias: float,
    span: Span,
) -> None:
    """Drive one half of `channel`, a span, in place; `edges` are what stood on either side of the middle.

    A span of all frames has nothing on either side.
    """
    (start, end), (before, behind) = span, edges
    ahead = before if start > 0 else before[:0]
    piece = np.concatenate((ahead, channel[start:end], behind if end < channel.size else behind[:0]))
    _drive(piece, filters, gain, bias)
    channel[start:end] = piece[ahead.size : ahead.size + end - start]


def cabinet(signal: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Return `signal` (channels, frames) through a loudspeaker of `cabinets.toml`; raises KeyError."""
    taps = _impulse(name)[None, :]
    channels, frames = signal.shape
    if frames <= _PIECE:
        return np.ascontiguousarray(oaconvolve(signal, taps, axes=1)[:, :frames], dtype=np.float32)
    out = np.empty(signal.shape, np.float32)
    rest: NDArray[np.float32] = np.zeros((channels, _CABINET_TAPS - 1), np.float32)
    # A few seconds at a time: the spectra of a whole song would be three times as large as the song.
    for start in range(0, frames, _PIECE):
        piece = signal[:, start : start + _PIECE]
        size = piece.shape[1]
        # Blocks of one length, whatever is in them, make the same samples wherever a song ends.
        through = oaconvolve(np.pad(piece, ((0, 0), (0, _PIECE - size))), taps, axes=1).astype(np.float32, copy=False)
        through[:, : rest.shape[1]] += rest
        out[:, start : start + size] = through[:, :size]
        rest = through[:, _PIECE:]
    return out


@cache
def _filters() -> NDArray[np.float32]:
    """Return the low-pass by phase, float32 (times, reach), for the way up; the way down reads it backwards."""
    taps = firwin(_TIMES * _REACH, 0.92 / _TIMES, window=("kaiser", 9.0))
    phases = np.stack([_TIMES * taps[phase::_TIMES] for phase in range(_TIMES)]).astype(np.float32)
    phases.flags.writeable = False
    return phases


@cache
def _impulse(name: str) -> NDArray[np.float32]:
    file = resources.files("text2song.audio.synth").joinpath("cabinets.toml")
    points = np.asarray(tomllib.loads(file.read_text(encoding="utf-8"))[name]["response"], dtype=np.float64)
    hertz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    response = np.interp(np.log(np.maximum(hertz, 5.0)), np.log(points[:, 0]), points[:, 1])
    taps = _minimum_phase(response)[:_CABINET_TAPS]
    taps[-256:] *= np.hanning(512)[256:]
    taps.flags.writeable = False
    return taps.astype(np.float32)


def _minimum_phase(decibels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the impulse response of least delay with that magnitude, by folding the cepstrum (Oppenheim, Schafer)."""
    cepstrum = np.fft.irfft(decibels * np.log(10) / 20)
    folded = np.zeros_like(cepstrum)
    half = _FFT // 2
    folded[0], folded[half] = cepstrum[0], cepstrum[half]
    folded[1:half] = 2 * cepstrum[1:half]
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(folded))))


@kernel
def _drive(signal: NDArray[np.float32], phases: NDArray[np.float32], gain: float, bias: float) -> None:
    times, reach = phases.shape[0], phases.shape[1]
    scale = 1 / np.sqrt(gain)
    # What the filters still look at stands before each block; of the bend's own two rows, one value.
    heard = np.zeros(reach + _BLOCK)
    bent = np.zeros((times, reach + _BLOCK))
    bends = np.zeros((2, times, 1 + _BLOCK))
    bends[0], bends[1] = bias, np.sqrt(1 + bias * bias)
    sums = np.zeros(_BLOCK)
    # Up and down each look half their length ahead: what comes out went in this many frames before.
    late = reach - 1
    quiet = 1
    for start in range(0, signal.shape[0] + late, _BLOCK):
        # After one silent block the filters have nothing left of what came before.
        quiet = 0 if _take(signal, start, heard) else quiet + 1
        sums[:] = 0.0
        if quiet < 2:
            _bend(heard, phases, gain, bias, bends)
            _average(bends, bias, bent)
            for phase in range(times):
                _add_filtered(bent[times - 1 - phase], phases[phase], sums)
        for index in range(max(0, late - start), min(_BLOCK, signal.shape[0] + late - start)):
            signal[start + index - late] = sums[index] / times * scale


@kernel
def _take(signal: NDArray[np.float32], start: int, heard: NDArray[np.float64]) -> bool:
    """Move the last block on and put the next behind it; say whether there is any sound in it."""
    reach = heard.shape[0] - _BLOCK
    heard[:reach] = heard[_BLOCK:]
    sound = False
    for index in range(_BLOCK):
        value = np.float64(signal[start + index]) if start + index < signal.shape[0] else 0.0
        heard[reach + index] = value
        sound |= value != 0.0
    return sound


@kernel
def _bend(
    heard: NDArray[np.float64], phases: NDArray[np.float32], gain: float, bias: float, bends: NDArray[np.float64]
) -> None:
    """Raise a block to the higher rate; set `bends` to what goes into the curve, and to the root of its square + 1."""
    for phase in range(phases.shape[0]):
        before, now = bends[0, phase], bends[0, phase, 1:]
        roots = bends[1, phase, 1:]
        before[0], bends[1, phase, 0] = now[_BLOCK - 1], roots[_BLOCK - 1]
        now[:] = 0.0
        _add_filtered(heard, phases[phase], now)
        for index in range(_BLOCK):
            now[index] = now[index] * gain + bias
            roots[index] = np.sqrt(1 + now[index] * now[index])


@kernel
def _average(bends: NDArray[np.float64], bias: float, bent: NDArray[np.float64]) -> None:
    """Move `bent` on and set its last block to the mean of the curve over each step at the higher rate.

    That takes what four times the rate leaves (Parker et al. 2016).
    """
    rest = bias / np.sqrt(1 + bias * bias)
    times = bent.shape[0]
    for phase in range(times):
        # Before the first phase comes the last one of the frame before.
        back = 0 if phase == 0 else 1
        now, before = bends[0, phase, 1:], bends[0, phase - 1, back:]
        root, root_before = bends[1, phase, 1:], bends[1, phase - 1, back:]
        bent[phase, :-_BLOCK] = bent[phase, _BLOCK:]
        out = bent[phase, bent.shape[1] - _BLOCK :]
        for index in range(_BLOCK):
            out[index] = (now[index] + before[index]) / (root[index] + root_before[index]) - rest


@kernel
def _add_filtered(samples: NDArray[np.float64], taps: NDArray[np.float32], sums: NDArray[np.float64]) -> None:
    """Add to `sums` the last block of `samples` through a filter, tap by tap: in this order it runs as vectors."""
    reach = taps.shape[0]
    for tap in range(0, reach, 8):
        a, b, c, d = taps[tap], taps[tap + 1], taps[tap + 2], taps[tap + 3]
        e, f, g, h = taps[tap + 4], taps[tap + 5], taps[tap + 6], taps[tap + 7]
        near = samples[reach - tap - 7 :]
        for index in range(sums.shape[0]):
            found = sums[index] + a * near[index + 7]
            found = found + b * near[index + 6]
            found = found + c * near[index + 5]
            found = found + d * near[index + 4]
            found = found + e * near[index + 3]
            found = found + f * near[index + 2]
            found = found + g * near[index + 1]
            sums[index] = found + h * near[index]
