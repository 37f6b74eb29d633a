"""Tests of chromatic approach."""

from __future__ import annotations

from fractions import Fraction

from text2song.compose.decisions import Decisions
from text2song.compose.elements.line import Place
from text2song.compose.elements.ornament import approached
from text2song.compose.elements.theme import Event
from text2song.domain.theory import Chord

HALF = Fraction(1, 2)


def line(count: int, *, long: bool = False) -> tuple[list[Event], list[Place]]:
    events = [Event(index * HALF, Fraction(1) if long else HALF, 0, 0, "motif") for index in range(count)]
    places = [Place(Chord(0), 0, 1 - index % 2, long=False, joined=True) for index in range(count)]
    return events, places


def test_a_passing_whole_tone_becomes_a_semitone() -> None:
    events, places = line(5)
    assert approached([60, 62, 64, 62, 60], events, places, 1.0, "x", Decisions(0)) == (60, 63, 64, 61, 60)


def test_nothing_is_bent_without_a_share() -> None:
    events, places = line(5)
    assert approached([60, 62, 64, 62, 60], events, places, 0.0, "x", Decisions(0)) == (60, 62, 64, 62, 60)


def test_goals_outside_the_chord_and_longer_notes_are_left_alone() -> None:
    events, places = line(3)
    assert approached([60, 64, 62], events, places, 1.0, "x", Decisions(0)) == (60, 64, 62)
    events, places = line(3, long=True)
    assert approached([60, 62, 64], events, places, 1.0, "x", Decisions(0)) == (60, 62, 64)


def test_the_same_path_bends_the_same_notes() -> None:
    events, places = line(60)
    pitches = [60, 62, 64, 62] * 15
    first, second, other = (approached(pitches, events, places, 0.5, path, Decisions(1)) for path in ("a", "a", "b"))
    assert first == second != other
