"""Windowed-sinc weights for reading a sample between its frames.

Source: J. O. Smith, "Digital Audio Resampling", ccrma.stanford.edu/~jos/resample.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from text2song.audio.soundfont.kernel import FAST_STEPS, NARROW, PHASES, WIDE

Weights = NDArray[np.float32]


@cache
def narrow_weights() -> Weights:
    """Return the eight-tap weights for playing at or below the recorded rate, shape (`PHASES`, `NARROW`)."""
    # Slightly below the Nyquist frequency: the eight taps need the room to fall.
    return _weights(NARROW, cutoff=0.96, beta=5.0)


@cache
def wide_weights() -> Weights:
    """Return sixteen-tap weights that also keep faster playing from aliasing, shape (steps, `PHASES`, `WIDE`)."""
    return np.stack([_weights(WIDE, cutoff=0.96 / step, beta=5.0) for step in FAST_STEPS])


def _weights(taps: int, *, cutoff: float, beta: float) -> Weights:
    phases = np.arange(PHASES)[:, None] / PHASES
    distance = np.arange(taps)[None, :] - (taps // 2 - 1) - phases
    window = np.i0(beta * np.sqrt(np.maximum(1.0 - (distance / (taps / 2)) ** 2, 0.0))) / np.i0(beta)
    weights = cutoff * np.sinc(cutoff * distance) * window
    return np.ascontiguousarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
