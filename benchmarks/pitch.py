"""A pitch tracker for the benchmarks, apart from the singer: YIN (de Cheveigné & Kawahara 2002, JASA 111)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: A frame every 10 ms, periods searched between these pitches, Hz.
HOP_SECONDS = 0.01
LOWEST, HIGHEST = 60.0, 1100.0
#: The first dip of the difference function deeper than this is the period, else the deepest below the second figure; a
#: frame with neither is unvoiced.
_THRESHOLD, _DEEPEST = 0.06, 0.2
_BLOCK = 400


def track(samples: NDArray[np.float64], sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (times in seconds, F0 in Hz, 0 where unvoiced) of mono samples."""
    window = int(2 * sample_rate / LOWEST)
    hop = round(HOP_SECONDS * sample_rate)
    frames = np.lib.stride_tricks.sliding_window_view(samples, 2 * window)[::hop]
    found = [_periods(frames[first : first + _BLOCK], window, sample_rate) for first in range(0, len(frames), _BLOCK)]
    f0 = np.concatenate(found) if found else np.zeros(0)
    return (np.arange(f0.size) * hop + window) / sample_rate, f0


def _periods(frames: NDArray[np.float64], window: int, sample_rate: int) -> NDArray[np.float64]:
    difference = _difference(frames, window)
    lags = np.arange(1, window)
    running = np.cumsum(difference[:, 1:], axis=1) / lags
    normal = np.concatenate([np.ones((len(frames), 1)), difference[:, 1:] / np.maximum(running, 1e-12)], axis=1)
    first, last = int(sample_rate / HIGHEST), int(sample_rate / LOWEST)
    return np.array([_best(row, first, last, sample_rate) for row in normal])


def _difference(frames: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Squared difference between a window and itself shifted by each lag, by one convolution."""
    size = 1 << int(np.ceil(np.log2(3 * window)))
    head = np.fft.rfft(frames[:, :window], size, axis=1)
    whole = np.fft.rfft(frames, size, axis=1)
    cross = np.fft.irfft(np.conj(head) * whole, size, axis=1)[:, :window]
    power = np.concatenate([np.zeros((len(frames), 1)), np.cumsum(frames**2, axis=1)], axis=1)
    energy = power[:, window : 2 * window] - power[:, :window]
    return np.asarray(np.maximum(energy[:, :1] + energy - 2 * cross, 0.0))


def _best(normal: NDArray[np.float64], first: int, last: int, sample_rate: int) -> float:
    below = np.flatnonzero(normal[first:last] < _THRESHOLD)
    lag = first + int(below[0] if below.size else np.argmin(normal[first:last]))
    if normal[lag] > _DEEPEST:
        return 0.0
    while lag + 1 < last and normal[lag + 1] < normal[lag]:
        lag += 1
    left, middle, right = normal[lag - 1 : lag + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend > 0 else 0.0
    return float(sample_rate / (lag + shift))
