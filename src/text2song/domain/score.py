"""Notes in exact musical time: quarter notes from the start of the song, as `Fraction`."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from text2song.domain.rational import Fraction


class Role(StrEnum):
    """What a part does in the arrangement, which decides register, level and place in the mix."""

    LEAD = "lead"
    VOCAL = "vocal"
    BACKING = "backing"
    BASS = "bass"
    DRUMS = "drums"
    CHORDS = "chords"
    PAD = "pad"
    ARPEGGIO = "arpeggio"
    COUNTER = "counter"
    EFFECTS = "effects"


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One sounding note.

    In a drum part `pitch` is the General MIDI percussion key (36 kick, 38 snare, 42 closed hat, …).
    """

    #: Quarter notes from the start of the song, on the grid.
    start: Fraction
    #: MIDI pitch, 60 = middle C.
    pitch: int
    #: Quarter notes; the time the key is held.
    duration: Fraction
    #: 1..127.
    velocity: int
    #: Microseconds by which the player is late (positive) or early: the feel, kept apart from the grid.
    nudge_us: int = 0
    #: The decision that put it here, as a path: "chorus.1/melody/motif".
    why: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument's notes, in time order; one part becomes one stem."""

    #: Unique in the score and fit for a file name: "bass", "drums", "lead".
    name: str
    role: Role
    #: An instrument id of `domain.instruments`.
    instrument: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class TempoMap:
    """Tempo as (quarter-note position, beats per minute) steps; the first stands at 0."""

    changes: tuple[tuple[Fraction, Fraction], ...] = field(default=((Fraction(0), Fraction(120)),))

    @classmethod
    def constant(cls, bpm: Fraction) -> TempoMap:
        """Return one tempo for the whole song."""
        return cls(((Fraction(0), bpm),))

    @property
    def bpm(self) -> Fraction:
        """The tempo at the start of the song."""
        return self.changes[0][1]

    def exact_seconds(self, position: Fraction) -> Fraction:
        """Return the time in seconds of a position in quarter notes, exactly."""
        if len(self.changes) == 1:
            return position * self._quarter
        starts, times = self._steps
        index = max(0, bisect_right(starts, position) - 1)
        return times[index] + (position - starts[index]) * 60 / self.changes[index][1]

    def bpm_at(self, position: Fraction) -> Fraction:
        """Return the tempo at a position in quarter notes."""
        return self.changes[max(0, bisect_right(self._steps[0], position) - 1)][1]

    @cached_property
    def _quarter(self) -> Fraction:
        """Seconds of a quarter note at the start."""
        return Fraction(60) / self.bpm

    @cached_property
    def _steps(self) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
        """Positions of the changes and their times in seconds, summed once: a song asks for thousands of times."""
        times = [Fraction(0)]
        for (start, bpm), (end, _) in pairwise(self.changes):
            times.append(times[-1] + (end - start) * 60 / bpm)
        return tuple(start for start, _ in self.changes), tuple(times)

    def seconds(self, position: Fraction) -> float:
        """Return the time in seconds of a position in quarter notes.

        >>> TempoMap.constant(Fraction(100)).seconds(Fraction(4))
        2.4
        """
        return float(self.exact_seconds(position))
