"""Fixed filters of an instrument's body, formants or cabinet: cookbook biquads (Bristow-Johnson) in series."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel

#: Frames filtered at a time.
_STRETCH = 1024
_TINY = 1e-20
#: Kind, frequency in Hz, gain in dB (peaks and shelves only), quality.
Band = tuple[str, float, float, float]


def sections(bands: Sequence[Band]) -> NDArray[np.float64]:
    """Return second-order sections (bands, 6); raises KeyError for an unknown kind of band."""
    return np.array([_section(*band) for band in bands], dtype=np.float64).reshape(len(bands), 6)


def equalise(signal: NDArray[np.float64], bands: Sequence[Band]) -> NDArray[np.float64]:
    """Return `signal` (frames) or (channels, frames) through the bands, in the order given."""
    if not bands:
        return signal
    result = np.array(signal, dtype=np.float64, ndmin=2)
    rows = sections(bands)
    for first in range(0, len(result), 2):
        filter_in_place(result[first : first + 2], rows)
    return result.reshape(signal.shape)


@kernel
def filter_in_place(signal: NDArray[Any], rows: NDArray[np.float64]) -> None:
    """Run one or two channels, float32 or float64, through second-order sections, a cached stretch at a time.

    Two channels share a loop because each sample waits for the one before: the second costs almost nothing.
    """
    if len(rows) == 0:
        return
    state = np.zeros((len(rows), 4))
    last = signal.shape[0] - 1
    for begin in range(0, signal.shape[1], _STRETCH):
        left, right = signal[0, begin : begin + _STRETCH], signal[last, begin : begin + _STRETCH]
        for index in range(len(rows)):
            b0, b1, b2, a1, a2 = rows[index, 0], rows[index, 1], rows[index, 2], rows[index, 4], rows[index, 5]
            first, second, third, fourth = state[index, 0], state[index, 1], state[index, 2], state[index, 3]
            for frame in range(len(left)):
                value, other = left[frame], right[frame]
                now, then = b0 * value + first, b0 * other + third
                first, third = b1 * value - a1 * now + second, b1 * other - a1 * then + fourth
                second, fourth = b2 * value - a2 * now, b2 * other - a2 * then
                left[frame], right[frame] = now, then
            state[index, 0], state[index, 1], state[index, 2], state[index, 3] = first, second, third, fourth
        # What rings on below hearing would end as denormal numbers, which are slow: this rounds it to zero.
        state += _TINY
        state -= _TINY


def _section(kind: str, hertz: float, gain_db: float, quality: float) -> list[float]:
    omega = 2 * pi * min(hertz, 0.45 * SAMPLE_RATE) / SAMPLE_RATE
    cosine, alpha, gain = cos(omega), sin(omega) / (2 * quality), 10 ** (gain_db / 40)
    shelf = 2 * sqrt(gain) * alpha
    plain = (1 + alpha, -2 * cosine, 1 - alpha)
    numerator, denominator = {
        "lowpass": (((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2), plain),
        "highpass": (((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2), plain),
        "bandpass": ((alpha, 0.0, -alpha), plain),
        "peak": (
            (1 + alpha * gain, -2 * cosine, 1 - alpha * gain),
            (1 + alpha / gain, -2 * cosine, 1 - alpha / gain),
        ),
        "lowshelf": _shelf(gain, cosine, shelf),
        "highshelf": _shelf(gain, -cosine, shelf),
    }[kind]
    sign = -1.0 if kind == "highshelf" else 1.0
    numerator = (numerator[0], sign * numerator[1], numerator[2])
    denominator = (denominator[0], sign * denominator[1], denominator[2])
    return [value / denominator[0] for value in (*numerator, *denominator)]


def _shelf(gain: float, cosine: float, shelf: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return the low shelf; the high shelf is the same with the sign of the cosine and of the middle terms turned."""
    more, less = gain + 1, gain - 1
    numerator = (more - less * cosine + shelf, 2 * (less - more * cosine), more - less * cosine - shelf)
    denominator = (more + less * cosine + shelf, -2 * (less + more * cosine), more + less * cosine - shelf)
    return (gain * numerator[0], gain * numerator[1], gain * numerator[2]), denominator
