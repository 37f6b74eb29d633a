"""Listens to a line before it is kept: what a first draft misses, the next one is asked for.

The cheapest line (`line.py`) knows pairs and triples of notes; what a listener hears over a phrase it cannot know: the
arch of the whole, how much moves by step, whether a motif that returns is the same. Each draft is looked at as a
listener would and the costs of the next lean the other way; the draft with the fewest faults is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from text2song.compose.elements.line import PLAIN_MANNER, Ladder, Manner, Place, find_line, step_pitch
from text2song.compose.elements.theme import PHRASE_BARS, Event
from text2song.domain.rational import Fraction

#: Shares of a good tune (Huron 2006): steps among intervals, steps among moves, runs of three intervals that return.
_STEPS_LEAST, _SCALAR_MOST, _RETURNS_LEAST = 0.64, 0.71, 0.32
#: Where in a phrase its highest note belongs.
_ARCH_FROM, _ARCH_TO = 0.27, 0.78
_DRAFTS = 4
#: Notes in common from which two bars are heard as one motif.
_MOTIF = 3
#: How far a draft's costs lean against what the one before missed.
_LEAN_LEAP, _LEAN_STILL, _LEAN_ECHO = 14, 8, 70


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was kept, and the manner it was found in."""

    steps: tuple[int, ...]
    manner: Manner


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a listener makes of a draft."""

    steps: float
    scalar: float
    returns: float
    #: Numbers of the phrases whose highest note lies at an end.
    flat: tuple[int, ...]
    phrases: int

    @property
    def faults(self) -> float:
        """How much is wrong, 0 for nothing."""
        arches = max(0.0, len(self.flat) / max(1, self.phrases) - 0.3)
        return (
            max(0.0, _STEPS_LEAST - self.steps)
            + max(0.0, self.scalar - _SCALAR_MOST)
            + 1.2 * max(0.0, _RETURNS_LEAST - self.returns)
            + 0.5 * arches
        )


def refined(places: Sequence[Place], events: Sequence[Event], bar: Fraction, ladder: Ladder) -> Line:
    """Return the best of a few drafts of a line; `events` are what the places come from, `bar` in quarter notes."""
    manner, wanted = PLAIN_MANNER, tuple(places)
    best: tuple[float, Line] | None = None
    for draft in range(_DRAFTS):
        steps = find_line(wanted, ladder, manner)
        heard = _heard(_pitches(places, steps, ladder), events, bar)
        if best is None or heard.faults < best[0]:
            best = (heard.faults, Line(steps, manner))
        if heard.faults == 0 or len(places) < PHRASE_BARS:
            break
        manner = _leaning(manner, heard)
        if draft == 0 and heard.returns < _RETURNS_LEAST:
            wanted = _echoing(wanted, events, steps)
        wanted = _arched(wanted, events, bar, heard.flat)
    return best[1] if best else Line((), manner)


def _pitches(places: Sequence[Place], steps: Sequence[int], ladder: Ladder) -> tuple[int, ...]:
    return tuple(step_pitch(ladder.key, place.chord, step) for place, step in zip(places, steps, strict=True))


def _heard(pitches: Sequence[int], events: Sequence[Event], bar: Fraction) -> _Heard:
    phrases = _phrases(events, bar)
    inside = [pitches[after] - pitches[before] for phrase in phrases.values() for before, after in pairwise(phrase)]
    moves = [interval for interval in inside if interval]
    intervals = [after - before for before, after in pairwise(pitches)]
    runs = Counter(tuple(intervals[place : place + 3]) for place in range(len(intervals) - 2))
    flat = tuple(number for number, phrase in phrases.items() if not _is_arched(phrase, pitches, events))
    return _Heard(
        steps=_share(sum(abs(interval) <= 2 for interval in inside), len(inside), 1.0),
        scalar=_share(sum(abs(interval) <= 2 for interval in moves), len(moves), 0.0),
        returns=_share(
            sum(count for count in runs.values() if count > 1), runs.total() if runs.total() > 5 else 0, 1.0
        ),
        flat=flat,
        phrases=len(phrases),
    )


def _share(part: int, whole: int, without: float) -> float:
    return part / whole if whole else without


def _phrases(events: Sequence[Event], bar: Fraction) -> Mapping[int, tuple[int, ...]]:
    """Return the indices of every phrase's notes by its number; a pickup belongs to the phrase it leads to."""
    found: dict[int, list[int]] = {}
    for index, event in enumerate(events):
        begins = event.start + (bar if event.source == "pickup" else 0)
        found.setdefault(int(begins // (PHRASE_BARS * bar)), []).append(index)
    return {number: tuple(indices) for number, indices in found.items()}


def _places_in(phrase: Sequence[int], events: Sequence[Event]) -> list[float]:
    """Where each note of a phrase begins, 0 its start, 1 its end."""
    first, last = events[phrase[0]].start, events[phrase[-1]].start + events[phrase[-1]].duration
    return [float((events[index].start - first) / (last - first)) for index in phrase]


def _is_arched(phrase: Sequence[int], pitches: Sequence[int], events: Sequence[Event]) -> bool:
    if len(phrase) < PHRASE_BARS:
        return True
    top = max(pitches[index] for index in phrase)
    where = _places_in(phrase, events)
    return any(
        pitches[index] == top and _ARCH_FROM <= place <= _ARCH_TO for index, place in zip(phrase, where, strict=True)
    )


def _leaning(manner: Manner, heard: _Heard) -> Manner:
    leap, still, echo = manner.leap, manner.still, manner.echo
    if heard.steps < _STEPS_LEAST:
        leap += _LEAN_LEAP
    elif heard.scalar > _SCALAR_MOST:
        leap -= _LEAN_LEAP
        still -= _LEAN_STILL if heard.steps < _STEPS_LEAST + 0.05 else 0
    if heard.returns < _RETURNS_LEAST:
        echo += _LEAN_ECHO
    return Manner(leap, still, echo)


def _echoing(places: Sequence[Place], events: Sequence[Event], steps: Sequence[int]) -> tuple[Place, ...]:
    """Ask each note of a bar that repeats an earlier one, at whatever height, for what that bar became."""
    cells: dict[int, dict[tuple[Fraction, int], int]] = {}
    heads: dict[int, Event] = {}
    for index, event in enumerate(events):
        head = heads.setdefault(event.cell, event)
        cells.setdefault(event.cell, {})[(event.start - head.start, event.target - head.target)] = index
    result = list(places)
    for place, (cell, notes) in enumerate(cells.items()):
        models = [other for other in list(cells)[:place] if len(cells[other].keys() & notes.keys()) >= _MOTIF]
        # What is to be the top of all cannot be what it was before.
        if not models or any(places[index].peak for index in notes.values()):
            continue
        model = max(models, key=lambda other: (len(cells[other].keys() & notes.keys()), -other))
        shift = heads[cell].target - heads[model].target
        for note, index in notes.items():
            if note in cells[model]:
                result[index] = replace(result[index], echo=steps[cells[model][note]] + shift)
    return tuple(result)


def _arched(places: Sequence[Place], events: Sequence[Event], bar: Fraction, flat: Sequence[int]) -> tuple[Place, ...]:
    """Lift the middle of the phrases that peak at an end, and lower their ends."""
    result = list(places)
    phrases = _phrases(events, bar)
    for number in flat:
        where = _places_in(phrases[number], events)
        for index, place in zip(phrases[number], where, strict=True):
            if result[index].peak or result[index].ending:
                continue
            lift = 1 if 0.3 <= place <= 0.75 else -1
            result[index] = replace(result[index], target=result[index].target + lift)
    return tuple(result)
