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
_PIECE, _AT_ONCE = 1 << 18, 1024
#: Samples on either side that a value between two of them is made of.
_HALF = 10


def true_peak_dbtp(audio: NDArray[np.float32], pool: Executor | None = None) -> float:
    """Return the true peak of `audio` (frames, 2) in dBTP by four times oversampling (BS.1770-5, annex 2).

    With `pool` its threads share the work.
    """
    starts = range(0, audio.shape[0], _PIECE)
    between = _between_samples()

    def look(start: int) -> np.float32:
        return _greatest(audio, start, min(start + _PIECE, audio.shape[0]), between)

    peaks = (map if pool is None else pool.map)(look, starts)
    return decibels(float(max(peaks, default=0.0)))


@cache
def _between_samples() -> NDArray[np.float32]:
    """Return the filter that gives the three values between two samples from ten on either side: float32 (10, 3).

    The value half-way is made of sums of neighbours at the same distance (first column); those a quarter from either
    sample are the sum and the difference of what the second column makes of these sums and the third of differences.
    """
    whole = 4 * signal.firwin(8 * _HALF + 1, 0.25, window=("kaiser", 5.0))
    # A value a quarter after a sample is made of what lies 40 − 4 n + 1 steps from the middle of the filter.
    before, half, after = (whole[part::4][:20][::-1] for part in (1, 2, 3))
    columns = (half, (before + after) / 2, (after - before) / 2)
    return np.ascontiguousarray([column[_HALF:] for column in columns], dtype=np.float32).T.copy()


@kernel
def _greatest(audio: NDArray[np.float32], first: int, last: int, between: NDArray[np.float32]) -> np.float32:
    """Return the greatest magnitude of the samples from `first` up to `last`, and after each of them."""
    found = np.zeros(_AT_ONCE, np.float32)
    row = np.zeros(_AT_ONCE + 2 * _HALF, np.float32)
    for start in range(first, last, _AT_ONCE):
        size = min(_AT_ONCE, last - start)
        lead = max(0, _HALF - 1 - start)
        near = audio[max(0, start - _HALF + 1) : start + size + _HALF]
        for channel in range(2):
            row[:] = 0.0
            for frame in range(near.shape[0]):
                row[lead + frame] = near[frame, channel]
            _raise(row, between, found[:size])
    return np.float32(found.max())


@kernel
def _raise(row: NDArray[np.float32], between: NDArray[np.float32], found: NDArray[np.float32]) -> None:
    for frame in range(found.shape[0]):
        half = outer = inner = np.float32(0.0)
        # Tap by tap inside, which the compiler writes out, so that frames run as vectors.
        for tap in range(_HALF):
            left, right = row[frame + _HALF - 1 - tap], row[frame + _HALF + tap]
            half += between[tap, 0] * (left + right)
            outer += between[tap, 1] * (left + right)
            inner += between[tap, 2] * (right - left)
        most = max(abs(row[frame + _HALF - 1]), abs(half))
        found[frame] = max(found[frame], most, abs(outer + inner), abs(outer - inner))
