"""True peak of finished audio, by another road than the one the master takes.

Apart from loudness, which must not need a compiler: the process that hears files of strangers has little room.
"""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from text2song.audio.jit import kernel
from text2song.evaluation.loudness import decibels

#: Frames that are oversampled in one thread, and in one go.
_PIECE, _AT_ONCE = 1 << 18, 128
#: Samples on either side that a value between two of them is made of.
_HALF = 10


def true_peak_dbtp(audio: NDArray[np.float32], pool: Executor | None = None) -> float:
    """Return the true peak of `audio` (frames, 2) in dBTP by four times oversampling (BS.1770-5, annex 2).

    With `pool` its threads share the work.
    """
    starts = range(0, audio.shape[0], _PIECE)
    peaks = (map if pool is None else pool.map)(lambda start: _raised_peak(audio, start), starts)
    return decibels(max(peaks, default=0.0))


def _raised_peak(audio: NDArray[np.float32], start: int) -> float:
    # The filter's length of either side, so that no piece has an edge where the music has none.
    piece = audio[max(0, start - _HALF) : start + _PIECE + _HALF]
    padded = np.zeros((2, _PIECE + 2 * _HALF), np.float32)
    lead = max(0, _HALF - start)
    padded[:, lead : lead + piece.shape[0]] = piece.T
    return float(max(_greatest(row[: lead + piece.shape[0] + _HALF], _between_samples()) for row in padded))


@cache
def _between_samples() -> NDArray[np.float32]:
    """Return the filter that gives the three values between two samples from ten on either side: float32 (3, 20)."""
    whole = 4 * signal.firwin(8 * _HALF + 1, 0.25, window=("kaiser", 5.0))
    # A value a quarter after a sample is made of what lies 40 − 4 n + 1 steps from the middle of the filter.
    return np.ascontiguousarray([whole[part::4][::-1] for part in (1, 2, 3)], dtype=np.float32)


@kernel
def _greatest(row: NDArray[np.float32], filters: NDArray[np.float32]) -> np.float32:
    """Return the greatest magnitude of the samples of `row` and between them."""
    found = np.float32(0.0)
    sums = np.zeros(_AT_ONCE, np.float32)
    for start in range(0, row.shape[0] - 2 * _HALF, _AT_ONCE):
        size = min(_AT_ONCE, row.shape[0] - 2 * _HALF - start)
        for frame in range(size):
            found = max(found, abs(row[start + _HALF + frame]))
        for part in range(3):
            sums[:] = 0.0
            for tap in range(0, 2 * _HALF, 4):
                a, b, c, d = filters[part, tap : tap + 4]
                near = row[start + 1 + tap : start + 1 + tap + size + 3]
                # Four taps for each time that a sum is fetched; frame by frame inside, which runs as vectors.
                for frame in range(size):
                    sums[frame] += (a * near[frame] + b * near[frame + 1]) + (c * near[frame + 2] + d * near[frame + 3])
            for frame in range(size):
                found = max(found, abs(sums[frame]))
    return found
