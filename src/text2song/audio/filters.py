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
    row = np.asarray(biquads, dtype=np.float64).reshape(-1, 5)
    return _cascade(np.ascontiguousarray(audio, dtype=np.float32), row)


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
def _cascade(audio: Stereo, biquads: NDArray[np.float64]) -> Stereo:
    frames = audio.shape[0]
    count = biquads.shape[0]
    out = np.empty((frames, 2), np.float32)
    state = np.zeros((count, 4))
    for frame in range(frames):
        # The constant keeps decaying filter memory out of the slow range of tiny numbers; it is 400 dB down.
        left = np.float64(audio[frame, 0]) + 1e-20
        right = np.float64(audio[frame, 1]) + 1e-20
        for index in range(count):
            b0, b1, b2 = biquads[index, 0], biquads[index, 1], biquads[index, 2]
            a1, a2 = biquads[index, 3], biquads[index, 4]
            y = b0 * left + state[index, 0]
            state[index, 0] = b1 * left - a1 * y + state[index, 1]
            state[index, 1] = b2 * left - a2 * y
            left = y
            y = b0 * right + state[index, 2]
            state[index, 2] = b1 * right - a1 * y + state[index, 3]
            state[index, 3] = b2 * right - a2 * y
            right = y
        out[frame, 0] = left
        out[frame, 1] = right
    return out
