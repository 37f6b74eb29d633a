"""A quarter of the samples of a sum: to the bit what `scipy.signal.resample_poly` makes of it, but sooner."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from text2song.audio.jit import kernel
from text2song.evaluation.tonality import DECIMATION

#: Samples that come out at a time.
_AT_ONCE = 1024
#: Taps of the low-pass on either side of the middle one, as many as `resample_poly` takes.
_HALF = 40
_FULL_SCALE = 8_388_608


def decimated(total: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return every fourth sample of a sum of two channels, in steps of 24 bits (frames,), as their mean, low-passed."""
    return _decimated(total, _lowpass())


@cache
def _lowpass() -> NDArray[np.float32]:
    """Return the low-pass before decimation, from whole steps of two channels to their mean: float32 (taps,)."""
    taps = signal.firwin(2 * _HALF + 1, 1 / DECIMATION, window=("kaiser", 5.0))
    return np.asarray(taps / (2 * _FULL_SCALE), np.float32)


@kernel
def _decimated(total: NDArray[np.int32], taps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return every fourth sample of a sum that a low-pass of an odd number of taps was run over, as its middle lies."""
    frames = total.shape[0]
    count = (frames + 3) // 4
    out = np.zeros(count, np.float32)
    half = taps.shape[0] // 2
    # The four samples of each step apart, so that neighbours in memory are neighbours of one phase.
    width = _AT_ONCE + taps.shape[0] // 4 + 1
    phases = np.zeros((4, width), np.float32)
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        first = 4 * start - half
        inside = first >= 0 and first + 4 * width <= frames
        for phase in range(4):
            for index in range(width):
                place = first + 4 * index + phase
                if inside:
                    phases[phase, index] = np.float32(total[place])
                else:
                    phases[phase, index] = np.float32(total[place]) if 0 <= place < frames else np.float32(0.0)
        sums = out[start : start + size]
        for tap in range(taps.shape[0]):
            weight, near = taps[tap], phases[tap % 4, tap // 4 :]
            for index in range(size):
                sums[index] += weight * near[index]
    return out
