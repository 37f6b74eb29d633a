"""The interface every sounding instrument keeps, sampled or synthesised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Frames per second of all audio inside the studio.
SAMPLE_RATE = 44_100

#: float32, shape (frames, 2), nominal range −1..1.
Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """One note as performed, in seconds."""

    #: Seconds from the start of the stem, feel included; never negative.
    onset: float
    #: Seconds the key is held; release and ring-out come on top.
    duration: float
    #: MIDI pitch, or the General MIDI percussion key of a kit.
    pitch: int
    #: 1..127.
    velocity: int
    #: Stable number of this note, for round robin and small variations.
    variation: int = 0


class Instrument(Protocol):
    """Turns played notes into sound; the same notes give the same samples, always."""

    #: The instrument id of `domain.instruments`.
    id: str

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return exactly `frames` frames at `SAMPLE_RATE`; what rings past the end is cut.

        An empty `notes` gives silence. Dry, panned at the centre unless the instrument is recorded in stereo,
        peak below about 1.0 for ordinary playing; the mix sets the level.
        """
