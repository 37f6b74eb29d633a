"""The middle of both channels, which is all that tempo, form and key are heard on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]


def middle(audio: Audio) -> Audio:
    """Return the mean of both channels of `audio` (frames, 2), float32 (frames,)."""
    return middle_of((audio,), audio.shape[0])


def middle_of(pieces: Iterable[Audio], frames: int) -> Audio:
    """Return the same of a sound of so many frames that comes in pieces; its whole is never there."""
    out = np.zeros(frames, np.float32)
    start = 0
    for piece in pieces:
        place = out[start : start + piece.shape[0]]
        np.add(piece[:, 0], piece[:, 1], out=place)
        place *= np.float32(0.5)
        start += piece.shape[0]
    return out


def padded(mono: Audio, frames: int) -> Audio:
    """Return `mono` (frames,) with silence behind it up to so many frames; what is long enough is itself, no copy."""
    return mono if mono.size >= frames else np.pad(mono, (0, frames - mono.size))
