"""A song in blocks of a millisecond: its loudness and what a limiter would take of it, for next to nothing.

The gain of a limiter moves slower than a block, so the power that leaves it is, very nearly, the power of each block
times the square of one gain: for the master's limiter within some hundredths of a decibel in any 100 ms. A search that
tries many drives and faders is made here, on 45 times fewer numbers; what it finds is then applied, and measured,
exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.loudness import hops_of
from text2song.audio.weighting import BLOCK, Floats, block_energies

#: A limiter this close to unity has let go.
_AT_REST = 1.0 - 1e-5


@dataclass(frozen=True, slots=True)
class Blocks:
    """The energy of a song, block by block; the last block may be shorter."""

    frames: int
    #: float64 (blocks,): energy of both channels, K-weighted (ITU-R BS.1770-5).
    weighted: Floats
    #: The same without weights.
    plain: Floats

    @classmethod
    def of(cls, audio: Stereo) -> Blocks:
        """Return the blocks of `audio`, float32 (frames, 2)."""
        weighted, plain = block_energies(audio)
        return cls(audio.shape[0], weighted, plain)

    @property
    def middles(self) -> Floats:
        """The frame in the middle of each block."""
        return np.asarray((np.arange(self.plain.size) + 0.5) * BLOCK)

    @property
    def power(self) -> float:
        """The mean power of both channels together."""
        return float(self.plain.sum()) / (2 * self.frames)

    @property
    def hops(self) -> Floats:
        """The K-weighted power per 100 ms as `loudness.hop_energies` has it."""
        return hops_of(self.weighted)

    def turned(self, gains: Floats) -> Blocks:
        """Return the blocks under one gain for each."""
        squared = np.square(gains)
        return replace(self, weighted=self.weighted * squared, plain=self.plain * squared)


def block_peaks(peaks: NDArray[np.float32]) -> Floats:
    """Return the greatest of `peaks`, one per frame, in each block."""
    return np.maximum.reduceat(peaks, np.arange(0, peaks.shape[0], BLOCK)).astype(np.float64)


def block_gains(peaks: Floats, ceiling: float, window: int, release: float) -> Floats:
    """Return per block the gain that `dynamics.limiter_gains` has frame by frame, with peaks of blocks.

    The look-ahead is `window` blocks, `release` is in seconds.
    """
    back = 1.0 - float(np.exp(-BLOCK / max(1.0, release * SAMPLE_RATE)))
    return _limited(peaks, ceiling, window, back)


@kernel
def _limited(peaks: Floats, ceiling: float, window: int, back: float) -> Floats:
    blocks = peaks.shape[0]
    gains = np.ones(blocks)
    # Rings: what the last blocks need, and the released minima whose mean is the gain `window` blocks earlier.
    needs, recent = np.ones(window), np.ones(window)
    released = 1.0
    calm = window
    for block in range(blocks + window - 1):
        need = ceiling / peaks[block] if block < blocks and peaks[block] > ceiling else 1.0
        calm = calm + 1 if need == 1.0 and released == 1.0 else 0
        if calm > 2 * window:
            # At rest: both rings are full of ones.
            continue
        needs[block % window] = need
        least, total = 1.0, 0.0
        for place in range(window):
            least = min(least, needs[place])
        released = least if least < released else released + back * (least - released)
        released = 1.0 if released > _AT_REST else released
        recent[block % window] = released
        for place in range(window):
            total += recent[place]
        if block >= window - 1:
            gains[block - window + 1] = total / window
    return gains
