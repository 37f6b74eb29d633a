"""White noise and small variations that are the same on every machine: counter-based, never drawn from a generator."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from text2song.audio.jit import kernel

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


def seed_of(*names: object) -> int:
    """Return a stable 32-bit seed of some names or numbers.

    >>> seed_of("snare", 1) == seed_of("snare", 1)
    True
    """
    return zlib.crc32("/".join(str(name) for name in names).encode())


def white(seed: int, frames: int) -> NDArray[np.float64]:
    """Return uniform white noise in [−1, 1): sample n is SplitMix64 of `(seed, n)` (Steele et al. 2014)."""
    out = np.empty(frames)
    _fill(np.uint64(seed) << np.uint64(32), out)
    return out


@kernel
def _fill(seed: np.uint64, out: NDArray[np.float64]) -> None:
    for place in range(out.shape[0]):
        bits = (np.uint64(place + 1) + seed) * _STEP
        bits = (bits ^ (bits >> np.uint64(30))) * _MIX_A
        bits = (bits ^ (bits >> np.uint64(27))) * _MIX_B
        bits ^= bits >> np.uint64(31)
        out[place] = np.float64(bits >> np.uint64(11)) * 2.0**-52 - 1.0
