"""Fixed filters of an instrument's body, formants or cabinet: cookbook biquads (Bristow-Johnson) in series."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from text2song.audio.instrument import SAMPLE_RATE

#: Kind, frequency in Hz, gain in dB (peaks and shelves only), quality.
Band = tuple[str, float, float, float]


def sections(bands: Sequence[Band]) -> NDArray[np.float64]:
    """Return second-order sections (bands, 6); raises KeyError for an unknown kind of band."""
    return np.array([_section(*band) for band in bands], dtype=np.float64).reshape(len(bands), 6)


def equalise(signal: NDArray[np.float64], bands: Sequence[Band]) -> NDArray[np.float64]:
    """Return `signal` (…, frames) through the bands, in the order given."""
    return signal if not bands else np.asarray(sosfilt(sections(bands), signal, axis=-1), dtype=np.float64)


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
