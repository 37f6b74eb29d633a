"""Second-order filters: the audio-EQ designs every mixing desk is made of, and one kernel that runs them in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

#: One normalised biquad: b0, b1, b2, a1, a2.
Biquad = tuple[float, float, float, float, float]

_BUTTERWORTH = 2**-0.5
#: What leaves every sample as it is.
_IDENTITY: Biquad = (1.0, 0.0, 0.0, 0.0, 0.0)
#: Frames filtered at a time: they stay in the processor's cache from one pair of biquads to the next.
_CHUNK = 1024
#: Filter memory below this (−180 dBFS) is forgotten in silence.
_INAUDIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class _Angle:
    """What every design shares: cos ω, and α = sin ω / 2Q."""

    cosine: float
    alpha: float


def highpass(hertz: float, q: float = _BUTTERWORTH) -> Biquad:
    """Return a 12 dB/octave high-pass (Bristow-Johnson, "Cookbook formulae for audio EQ biquad coefficients")."""
    angle = _angle(hertz, q)
    edge = (1 + angle.cosine) / 2
    return _normalised((edge, -2 * edge, edge), (1 + angle.alpha, -2 * angle.cosine, 1 - angle.alpha))


def gentle_highpass(hertz: float) -> Biquad:
    """Return a 6 dB/octave high-pass, which leaves a clean shelf where it is taken away from its input."""
    k = float(np.tan(np.pi * min(hertz, 0.49 * SAMPLE_RATE) / SAMPLE_RATE))
    return (1 / (1 + k), -1 / (1 + k), 0.0, (k - 1) / (k + 1), 0.0)


def lowpass(hertz: float, q: float = _BUTTERWORTH) -> Biquad:
    """Return a 12 dB/octave low-pass."""
    angle = _angle(hertz, q)
    edge = (1 - angle.cosine) / 2
    return _normalised((edge, 2 * edge, edge), (1 + angle.alpha, -2 * angle.cosine, 1 - angle.alpha))


def peak(hertz: float, gain_db: float, q: float = 1.0) -> Biquad:
    """Return a bell of `gain_db` at `hertz`."""
    angle, a = _angle(hertz, q), 10 ** (gain_db / 40)
    up, down = angle.alpha * a, angle.alpha / a
    return _normalised((1 + up, -2 * angle.cosine, 1 - up), (1 + down, -2 * angle.cosine, 1 - down))


def low_shelf(hertz: float, gain_db: float) -> Biquad:
    """Return a shelf of `gain_db` below `hertz`."""
    return _shelf(hertz, gain_db, 1.0)


def high_shelf(hertz: float, gain_db: float) -> Biquad:
    """Return a shelf of `gain_db` above `hertz`."""
    return _shelf(hertz, gain_db, -1.0)


def filtered(audio: Stereo, biquads: Sequence[Biquad]) -> Stereo:
    """Return `audio` through the biquads in a row, a new array, float32 (frames, 2)."""
    out = np.array(audio, dtype=np.float32, order="C")
    filter_stem(out, biquads)
    return out


def filter_stem(audio: Stereo, biquads: Sequence[Biquad]) -> None:
    """Run `audio`, float32 (frames, 2), through the biquads in a row, in place."""
    _cascade(audio, paired(biquads))


def paired(biquads: Sequence[Biquad]) -> NDArray[np.float64]:
    """Return biquads as an even number of rows, float64 (rows, 5), for `run_pair`."""
    even = (*biquads, _IDENTITY) if len(biquads) % 2 else biquads
    return np.asarray(even, dtype=np.float64).reshape(-1, 5)


def _angle(hertz: float, q: float) -> _Angle:
    # A corner at or above Nyquist has no design; the highest useful one does no harm.
    omega = 2 * np.pi * min(hertz, 0.49 * SAMPLE_RATE) / SAMPLE_RATE
    return _Angle(float(np.cos(omega)), float(np.sin(omega) / (2 * q)))


def _shelf(hertz: float, gain_db: float, side: float) -> Biquad:
    """`side` is +1 for a low shelf, −1 for a high one: the two differ in the sign of the cosine terms."""
    angle, a = _angle(hertz, _BUTTERWORTH), 10 ** (gain_db / 40)
    c, root = side * angle.cosine, 2 * a**0.5 * angle.alpha
    up, down = a + 1, a - 1
    return _normalised(
        (a * (up - down * c + root), side * 2 * a * (down - up * c), a * (up - down * c - root)),
        (up + down * c + root, -side * 2 * (down + up * c), up + down * c - root),
    )


def _normalised(numerator: tuple[float, float, float], denominator: tuple[float, float, float]) -> Biquad:
    (b0, b1, b2), (a0, a1, a2) = numerator, denominator
    return (b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0)


@kernel
def _cascade(audio: Stereo, biquads: NDArray[np.float64]) -> None:
    frames = audio.shape[0]
    state = np.zeros((biquads.shape[0], 4))
    for start in range(0, frames, _CHUNK):
        chunk = audio[start : min(start + _CHUNK, frames)]
        if _is_silent(chunk) and _has_rung_out(state):
            continue
        for index in range(0, biquads.shape[0], 2):
            run_pair(chunk, biquads[index : index + 2], state[index : index + 2])


@kernel
def _has_rung_out(state: NDArray[np.float64]) -> bool:
    """Whether nothing audible is left in the filters, which are then emptied."""
    for row in range(state.shape[0]):
        for column in range(4):
            if abs(state[row, column]) >= _INAUDIBLE:
                return False
    for row in range(state.shape[0]):
        for column in range(4):
            state[row, column] = 0.0
    return True


@kernel
def _is_silent(chunk: Stereo) -> bool:
    frame = 0
    while frame < chunk.shape[0] and chunk[frame, 0] == 0.0 and chunk[frame, 1] == 0.0:
        frame += 1
    return bool(frame == chunk.shape[0])


@kernel
def run_pair(chunk: Stereo, pair: NDArray[np.float64], state: NDArray[np.float64]) -> None:
    """Two biquads in one pass: the processor works on both while either waits for its own last output."""
    b0, b1, b2, a1, a2 = pair[0]
    c0, c1, c2, d1, d2 = pair[1]
    p1, p2, q1, q2 = state[0]
    r1, r2, s1, s2 = state[1]
    for frame in range(chunk.shape[0]):
        left, right = np.float64(chunk[frame, 0]), np.float64(chunk[frame, 1])
        y, z = b0 * left + p1, b0 * right + q1
        # The sums in brackets do not wait for the output, which keeps the way from one frame to the next short.
        p1, q1 = (b1 * left + p2) - a1 * y, (b1 * right + q2) - a1 * z
        p2, q2 = b2 * left - a2 * y, b2 * right - a2 * z
        v, w = c0 * y + r1, c0 * z + s1
        r1, s1 = (c1 * y + r2) - d1 * v, (c1 * z + s2) - d1 * w
        r2, s2 = c2 * y - d2 * v, c2 * z - d2 * w
        chunk[frame, 0] = v
        chunk[frame, 1] = w
    state[0, 0], state[0, 1], state[0, 2], state[0, 3] = p1, p2, q1, q2
    state[1, 0], state[1, 1], state[1, 2], state[1, 3] = r1, r2, s1, s2
