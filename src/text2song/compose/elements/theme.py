"""Themes: what one kind of section sings, as phrases of motifs, before there are chords or pitches.

A phrase is four bars; phrases come in pairs, a question and an answer (the period of Caplin, "Classical Form", 1998).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from text2song.compose.elements.motif import Motif, Rhythm, breathing, varied
from text2song.domain.rational import Fraction

PHRASE_BARS = 4


class Ending(StrEnum):
    """How a note closes its phrase."""

    NONE = ""
    QUESTION = "question"
    ANSWER = "answer"
    SONG = "song"


@dataclass(frozen=True, slots=True)
class Event:
    """A note to come: when, how long, and about how high."""

    #: Quarter notes from the start of the section.
    start: Fraction
    duration: Fraction
    #: Scale steps above the section's middle.
    target: int
    #: Counts cells; notes of one cell keep the outline of their motif.
    cell: int
    #: The material: "motif", "contrast", "cadence" or "pickup".
    source: str
    ending: Ending = Ending.NONE
    #: Whether this is the highest note of its section.
    peak: bool = False
    #: Whether a return of the section departs here from what was first heard.
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One bar of a plan: a letter, its height in scale steps, and how its rhythm varies from the motif's."""

    letter: str
    height: int = 0
    variation: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """The material of one kind of section."""

    #: By letter: "a" the motif, "b" the contrast, "t" and "u" the cadences of question and answer,
    #: "w" the answer's other ending; "r" rests.
    motifs: Mapping[str, Motif]
    plan: tuple[Cell, ...]
    reply: tuple[Cell, ...]
    bar: Fraction
    #: Quarter notes of rest at a phrase's end, and the bars sung in one breath.
    breath: Fraction
    breath_bars: int
    #: Steps by which the second pair of phrases stands higher than the first.
    growth: int
    #: Whether the highest note belongs near the end.
    peaks: bool
    #: What leads into a phrase, from the first note of the pickup on.
    pickup: Rhythm = ()
    #: Whether each phrase climbs above and is busier than the one before, as solos do after quoting "q".
    builds: bool = False


_SOURCES = MappingProxyType(
    {"a": "motif", "b": "contrast", "t": "cadence", "u": "cadence", "w": "cadence", "q": "motif"}
)
#: How a solo varies the bars of its second, third and later phrases.
_BUILDING = (("", "", ""), ("", "double", "split"), ("double", "split", "double"), ("double", "double", "double"))


def read_plan(text: str) -> tuple[Cell, ...]:
    """Read "a0 a1 b2 t0"."""
    return tuple(Cell(word[0], int(word[1:] or 0)) for word in text.split())


def events(theme: Theme, bars: int, *, ends_song: bool) -> tuple[Event, ...]:
    """Return the theme over a section of `bars` bars."""
    cells = _cells(theme, bars, ends_song=ends_song)
    found: list[Event] = []
    for place, (cell, ending) in enumerate(cells):
        found.extend(_cell_events(theme, place, cell, ending))
    # A goal that grows grows upward: its first pair of phrases stands where a short one would.
    level = [event for event in found if event.start < 2 * PHRASE_BARS * theme.bar] if theme.peaks else found
    centred = _centred(found, level)
    return _with_peak(centred, bars * theme.bar) if theme.peaks else centred


def _cells(theme: Theme, bars: int, *, ends_song: bool) -> list[tuple[Cell, Ending]]:
    """Return each bar's cell and how it ends its phrase."""
    phrases = max(1, bars // PHRASE_BARS) if bars >= PHRASE_BARS else 0
    cells: list[tuple[Cell, Ending]] = []
    for phrase in range(phrases):
        answers = phrase % 2 == 1 or phrase == phrases - 1
        plan = theme.reply if phrase % 2 else theme.plan
        lift = theme.growth if phrase % 4 >= 2 else 0
        body = _building(plan[:-1], phrase) if theme.builds and "q" in theme.motifs else plan[:-1]
        cells.extend((replace(cell, height=cell.height + lift), Ending.NONE) for cell in body)
        cells.append((plan[-1], Ending.ANSWER if answers else Ending.QUESTION))
    cells.extend(_rest_of_section(theme, bars - len(cells), alone=not phrases, ends_song=ends_song))
    if ends_song and cells:
        cells[-1] = (Cell("u"), Ending.SONG)
    return cells


def _building(cells: Sequence[Cell], phrase: int) -> list[Cell]:
    """Return the bars of a solo's phrase: the first quotes the hook, later ones climb and quicken."""
    turns = _BUILDING[min(phrase, len(_BUILDING) - 1)]
    found = [
        replace(cell, height=cell.height + min(2 * phrase, 4), variation=turn or cell.variation)
        for cell, turn in zip(cells, turns, strict=False)
    ]
    return [replace(found[0], letter="q", variation=""), *found[1:]] if not phrase and found else found


def _rest_of_section(theme: Theme, bars: int, *, alone: bool, ends_song: bool) -> list[tuple[Cell, Ending]]:
    """Return the cells of one to three bars that make no whole phrase."""
    if bars == 0:
        return []
    if bars == 1 and not alone:
        return [(Cell("u" if ends_song else "r"), Ending.NONE)]
    first = [(cell, Ending.NONE) for cell in theme.plan if cell.letter != "r"][: bars - 1]
    return [*first, (Cell("u"), Ending.ANSWER)]


def _cell_events(theme: Theme, place: int, cell: Cell, ending: Ending) -> Iterator[Event]:
    motif = varied(theme.motifs.get(cell.letter, ()), cell.variation, theme.bar)
    if (place + 1) % theme.breath_bars == 0:
        motif = breathing(motif, theme.bar, theme.breath)
    start = place * theme.bar
    for index, tone in enumerate(motif):
        last = index == len(motif) - 1
        # Nobody has to breathe in after the last note of a song.
        rings = last and ending is Ending.SONG
        yield Event(
            start + tone.offset,
            theme.bar - tone.offset if rings else tone.duration,
            cell.height + tone.step,
            place,
            _SOURCES[cell.letter],
            ending if last else Ending.NONE,
            fresh=cell.fresh,
        )


def _centred(found: Sequence[Event], level: Sequence[Event]) -> tuple[Event, ...]:
    """Shift the events so that the mean height of those in `level`, weighted by duration, is 0."""
    total = sum(event.duration for event in level)
    shift = round(sum(event.target * event.duration for event in level) / total) if total else 0
    return tuple(replace(event, target=event.target - shift) for event in found)


def _with_peak(found: Sequence[Event], length: Fraction) -> tuple[Event, ...]:
    """Raise the highest cell of the last third by what it needs to be the highest of all."""
    late = [event for event in found if event.start >= length * 2 / 3 and event.ending is Ending.NONE]
    if not late:
        return tuple(found)
    top = max(late, key=lambda event: (event.target, -event.start))
    others = max((event.target for event in found if event.cell != top.cell), default=top.target)
    lift = max(0, min(2, others + 1 - top.target))
    peak = top.target + lift
    raised = [replace(event, target=event.target + lift) if event.cell == top.cell else event for event in found]
    # A climax is one note: the longest of those that reach so high, the first of these.
    highest = [
        event for event in raised if event.start >= length * 2 / 3 and (event.cell, event.target) == (top.cell, peak)
    ]
    climax = max(highest, key=lambda event: (event.duration, -event.start))
    return tuple(replace(event, peak=True) if event is climax else event for event in raised)
