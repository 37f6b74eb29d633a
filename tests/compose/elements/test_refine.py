"""Tests of drafts: what a listener misses in one is there in the next."""

from __future__ import annotations

from itertools import pairwise

import pytest

from text2song.compose.elements.line import Ladder, Place, find_line, step_pitch
from text2song.compose.elements.refine import refined
from text2song.compose.elements.theme import Ending, Event
from text2song.domain.rational import Fraction
from text2song.domain.theory import Chord, Key

C = Key.parse("C major")
LADDER = Ladder(C, 30, 50, (32, 48))
BAR = Fraction(4)


def tune(outline: list[int], bars: int = 4, chords: tuple[int, ...] = (0, 5, 7, 0)) -> tuple[list[Place], list[Event]]:
    """Return a bar's outline sung `bars` times."""
    length = BAR / len(outline)
    places, events = [], []
    for bar in range(bars):
        for index, step in enumerate(outline):
            last = bar % 4 == 3 and index == len(outline) - 1
            ending = Ending.ANSWER if last else Ending.NONE
            events.append(Event(bar * BAR + index * length, length, step, bar, "motif", ending))
            strength = 3 if index == 0 else 2 if 2 * index == len(outline) else 1
            chord = Chord(chords[bar % len(chords)])
            places.append(Place(chord, 39 + step, strength, long=False, joined=index > 0, ending=ending))
    return places, events


def moves(places: list[Place], steps: tuple[int, ...]) -> list[int]:
    pitches = [step_pitch(C, place.chord, step) for place, step in zip(places, steps, strict=True)]
    return [after - before for before, after in pairwise(pitches)]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def test_a_line_of_leaps_is_drawn_together() -> None:
    places, events = tune([0, 4, 1, 5, 0, 4])
    first = share([abs(move) <= 2 for move in moves(places, find_line(places, LADDER))])
    kept = share([abs(move) <= 2 for move in moves(places, refined(places, events, BAR, LADDER).steps)])
    assert kept > first
    assert kept >= 0.55


def test_a_line_that_runs_along_the_scale_is_opened() -> None:
    places, events = tune([0, 1, 2, 3, 4, 3, 2, 1], chords=(0,))
    first = [move for move in moves(places, find_line(places, LADDER)) if move]
    kept = [move for move in moves(places, refined(places, events, BAR, LADDER).steps) if move]
    assert share([abs(move) <= 2 for move in kept]) <= share([abs(move) <= 2 for move in first])


@pytest.mark.parametrize("outline", [[4, 3, 2, 1], [3, 3, 1, 0]])
def test_a_phrase_that_begins_at_its_top_gets_an_arch(outline: list[int]) -> None:
    places, events = tune(outline)
    # Falling from the first bar on.
    places = [
        Place(place.chord, place.target - 2 * event.cell, place.strength, place.long, place.joined, place.ending)
        for place, event in zip(places, events, strict=True)
    ]
    first = find_line(places, LADDER)
    kept = refined(places, events, BAR, LADDER).steps
    assert first.index(max(first)) < 4
    assert any(step == max(kept) for step in kept[4:13])


def test_a_motif_that_returns_is_the_same_again() -> None:
    places, events = tune([0, 2, 1, 2], bars=8, chords=(0, 9, 5, 7))
    kept = moves(places, refined(places, events, BAR, LADDER).steps)
    cells = [tuple(kept[at : at + 3]) for at in range(0, len(kept), 4)]
    # Four chords, four shapes at the most.
    assert len(set(cells)) <= 4


def test_no_note_and_one_note() -> None:
    assert refined((), (), BAR, LADDER).steps == ()
    places, events = tune([0], bars=1)
    assert len(refined(places, events, BAR, LADDER).steps) == 1


def test_the_same_line_each_time() -> None:
    places, events = tune([0, 4, 1, 5])
    assert refined(places, events, BAR, LADDER) == refined(places, events, BAR, LADDER)
