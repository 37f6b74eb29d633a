"""A score as the rules hear it: plain arrays in quarter notes, the tune, its phrases, and where home is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from text2song.domain.composition import ChordSpan, Section, SectionKind, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.score import Part, Role
from text2song.evaluation.rules.numerals import degree_semitones

#: Positions are compared on a grid of 48 to the quarter note: every written duple and triplet has a place of its own.
GRID = 48
PHRASE_BARS = 4
#: The sections a song moves toward.
GOALS = (SectionKind.CHORUS, SectionKind.DROP)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """The notes of one part as arrays of the same length, in time order."""

    name: str
    role: Role
    instrument: str
    family: str
    percussion: bool
    #: Quarter notes from the start of the song, on the grid.
    start: Floats
    end: Floats
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    #: Milliseconds after the grid.
    late: Floats

    def between(self, start: float, end: float) -> slice:
        """Return the slice of notes that begin in [start, end)."""
        first, last = np.searchsorted(self.start, (start - 1e-6, end - 1e-6))
        return slice(int(first), int(last))


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of the tune."""

    start: float
    end: float
    pitch: int
    #: Index of its section.
    section: int
    #: The part that has the tune here.
    part: str

    @property
    def length(self) -> float:
        """Quarter notes."""
        return self.end - self.start


class SongView:
    """What the rules need to know of one composition, each thing worked out once and only when a rule asks."""

    def __init__(self, composition: UnifiedComposition) -> None:
        self.composition = composition
        self.bar = float(composition.time_signature.bar)
        self.pulse = float(composition.time_signature.pulse)
        #: Seconds per quarter note at the start.
        self.quarter = 60.0 / float(composition.tempo.bpm)
        self.sections: tuple[Section, ...] = composition.sections

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every part that has notes."""
        return tuple(_line(part) for part in self.composition.parts if part.notes)

    def of_role(self, *roles: Role) -> tuple[Line, ...]:
        """Return the lines of these roles."""
        return tuple(line for line in self.lines if line.role in roles)

    @cached_property
    def kit(self) -> Line | None:
        """The percussion part that plays most: the drum kit, where there is one."""
        drums = [line for line in self.of_role(Role.DRUMS) if line.percussion]
        kits = [line for line in drums if line.family == "drums"] or drums
        return max(kits, key=lambda line: line.start.size, default=None)

    def span(self, section: Section) -> tuple[float, float]:
        """Return start and end of a section in quarter notes."""
        return section.start_bar * self.bar, section.end_bar * self.bar

    @cached_property
    def tune(self) -> tuple[Tone, ...]:
        """The melody of the song: in each section the voice, or where it is silent the lead."""
        tones: list[Tone] = []
        voices = (*self.of_role(Role.VOCAL), *self.of_role(Role.LEAD))
        for index, section in enumerate(self.sections):
            for line in voices:
                chosen = line.between(*self.span(section))
                if chosen.stop > chosen.start:
                    tones.extend(_tones(line, chosen, index))
                    break
        return tuple(tones)

    @cached_property
    def sung(self) -> tuple[Tone, ...]:
        """The notes of the tune that a voice sings."""
        voices = {line.name for line in self.of_role(Role.VOCAL)}
        return tuple(tone for tone in self.tune if tone.part in voices)

    def tones(self, index: int) -> tuple[Tone, ...]:
        """Return the tune of the section at `index`."""
        return self._by_section.get(index, ())

    @cached_property
    def _by_section(self) -> dict[int, tuple[Tone, ...]]:
        found: dict[int, list[Tone]] = {}
        for tone in self.tune:
            found.setdefault(tone.section, []).append(tone)
        return {index: tuple(tones) for index, tones in found.items()}

    @cached_property
    def phrases(self) -> tuple[tuple[int, int, tuple[Tone, ...]], ...]:
        """The tune in phrases of four bars: index of the section, number of the phrase in it, its notes.

        A phrase ends on the note of its last two bars that is followed by the longest wait; what comes after is
        the pickup of the next one (the grouping preference of Lerdahl & Jackendoff 1983, rule 2).
        """
        found = []
        for index, section in enumerate(self.sections):
            left: list[Tone] = list(self.tones(index))
            for number in range(section.bars // PHRASE_BARS):
                end = (section.start_bar + PHRASE_BARS * (number + 1)) * self.bar
                inside = [tone for tone in left if tone.start < end - 1e-6]
                following = left[len(inside)].start if len(inside) < len(left) else self.span(section)[1] + self.bar
                cut = _cadence(inside, end - 2 * self.bar, following)
                if cut:
                    found.append((index, number, tuple(inside[:cut])))
                left = left[cut:]
        return tuple(found)

    @cached_property
    def chords(self) -> tuple[ChordSpan, ...]:
        """The harmony, in time order."""
        return self.composition.harmony

    @cached_property
    def chord_starts(self) -> list[float]:
        """Where each chord begins, in quarter notes."""
        return [span.start.numerator / span.start.denominator for span in self.chords]

    def chord_at(self, position: float) -> ChordSpan | None:
        """Return the chord that sounds at a position."""
        index = bisect_right(self.chord_starts, position + 1e-6) - 1
        return self.chords[index] if index >= 0 else None

    @cached_property
    def tonics(self) -> tuple[int, ...]:
        """The tonic of each section as its chords and their numerals say, which a modulation moves."""
        votes: dict[str, dict[int, float]] = {}
        for span in self.chords:
            above = degree_semitones(span.roman)
            if above is not None:
                tonic = (span.chord.root - above) % 12
                heard = votes.setdefault(span.section, {})
                heard[tonic] = heard.get(tonic, 0.0) + float(span.duration)
        home = self.composition.context.key.tonic
        return tuple(
            max(votes[section.name].items(), key=lambda item: (item[1], item[0] == home))[0]
            if section.name in votes
            else home
            for section in self.sections
        )

    @cached_property
    def waits(self) -> tuple[tuple[Tone, float], ...]:
        """Every note of the tune but the last with the rest after it in quarter notes."""
        return tuple((tone, max(0.0, after.start - tone.end)) for tone, after in pairwise(self.tune))


def _line(part: Part) -> Line:
    played = instrument(part.instrument)
    notes = part.notes
    start = np.array([note.start.numerator / note.start.denominator for note in notes])
    length = np.array([note.duration.numerator / note.duration.denominator for note in notes])
    order = np.argsort(start, kind="stable")
    return Line(
        name=part.name,
        role=part.role,
        instrument=part.instrument,
        family=played.family,
        percussion=played.percussion,
        start=start[order],
        end=(start + length)[order],
        pitch=np.array([note.pitch for note in notes])[order],
        velocity=np.array([note.velocity for note in notes])[order],
        late=np.array([note.nudge_us for note in notes])[order] / 1000.0,
    )


def _tones(line: Line, chosen: slice, index: int) -> list[Tone]:
    rows = zip(line.start[chosen], line.end[chosen], line.pitch[chosen], strict=True)
    found: dict[float, Tone] = {}
    for start, end, pitch in rows:
        # Where the tune is played in two voices, the upper one is heard as the tune.
        if start not in found or found[start].pitch < pitch:
            found[float(start)] = Tone(float(start), float(end), int(pitch), index, line.name)
    return list(found.values())


def _cadence(inside: list[Tone], edge: float, following: float) -> int:
    """Return how many of the notes `inside` belong to the phrase; only waits after `edge` can end it."""
    best, cut = -1.0, len(inside)
    for place, tone in enumerate(inside):
        after = inside[place + 1].start if place + 1 < len(inside) else following
        if tone.start >= edge - 1e-6 and after - tone.start >= best:
            best, cut = after - tone.start, place + 1
    return cut
