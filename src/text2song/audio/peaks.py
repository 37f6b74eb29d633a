"""True peaks: the greatest values of a sound between its samples, four times oversampled (ITU-R BS.1770-5, annex 2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin

from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel

_PHASES = 4
#: Samples on either side that a value between two of them is made of.
_HALF = 12
#: Frames interpolated at a time.
_AT_ONCE = 1024
#: Kernels release the interpreter lock, so two halves are looked at side by side.
_THREADS = 2


def peak_envelope(audio: Stereo) -> NDArray[np.float32]:
    """Return per frame the true peak of both channels from that frame up to the next, float32 (frames,)."""
    out = np.empty(audio.shape[0], np.float32)
    middle = audio.shape[0] // (2 * _AT_ONCE) * _AT_ONCE
    with ThreadPoolExecutor(_THREADS - 1) as pool:
        second = pool.submit(_look, audio, middle, audio.shape[0], out)
        _look(audio, 0, middle, out)
        second.result()
    return out


def _interpolators() -> NDArray[np.float32]:
    """Return what makes three values between two samples of sums and differences of their neighbours: (3, half).

    The phases 1/4, 1/2 and 3/4 of a Kaiser-windowed sinc. The middle one is symmetric, and the outer two are each
    other's mirror, so all three are made of samples at the same distance, added (first and second row) and subtracted.
    """
    prototype = _PHASES * firwin(2 * _PHASES * _HALF + 1, 1.0 / _PHASES, window=("kaiser", 5.0))
    early, middle = (prototype[phase : 2 * _PHASES * _HALF : _PHASES][::-1] for phase in (1, 2))
    early, middle = early / early.sum(), middle / middle.sum()
    left, right = early[:_HALF][::-1], early[_HALF:]
    rows = (middle[_HALF:], (left + right) / 2, (left - right) / 2)
    return np.ascontiguousarray(rows, dtype=np.float32)


_MIDDLE, _EVEN, _ODD = _interpolators()


@kernel
def _look(audio: Stereo, first: int, last: int, out: NDArray[np.float32]) -> None:
    """Set `out` to the peaks of the frames from `first` up to `last`."""
    rows = np.empty((2, _AT_ONCE + 2 * _HALF), np.float32)
    for start in range(first, last, _AT_ONCE):
        size = min(_AT_ONCE, last - start)
        _part(audio, start - _HALF + 1, size + 2 * _HALF, rows)
        out[start : start + size] = 0.0
        _raise(rows[0], out[start : start + size])
        _raise(rows[1], out[start : start + size])


@kernel
def _part(audio: Stereo, start: int, size: int, rows: NDArray[np.float32]) -> None:
    """Set `rows`, left and right, to so many frames from `start` on; round a song is silence."""
    before = max(0, -start)
    inside = audio[max(0, start) : start + size]
    rows[:, :before] = 0.0
    rows[:, before + inside.shape[0] :] = 0.0
    for frame in range(inside.shape[0]):
        rows[0, before + frame] = inside[frame, 0]
        rows[1, before + frame] = inside[frame, 1]


@kernel
def _raise(row: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Raise `out` to what is greater from a sample up to the next; the first one has `_HALF` − 1 before it in `row`."""
    for frame in range(out.shape[0]):
        middle = even = odd = np.float32(0.0)
        # Unrolled by the compiler; frame by frame outside, which runs as vectors.
        for tap in range(_HALF):
            left, right = row[frame + _HALF - 1 - tap], row[frame + _HALF + tap]
            middle += _MIDDLE[tap] * (left + right)
            even += _EVEN[tap] * (left + right)
            odd += _ODD[tap] * (left - right)
        sample = max(abs(row[frame + _HALF - 1]), abs(middle))
        out[frame] = max(out[frame], sample, abs(even + odd), abs(even - odd))
