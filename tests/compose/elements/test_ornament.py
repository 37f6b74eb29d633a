"""Tests of chromatic approach."""

from __future__ import annotations

from text2song.compose.decisions import Decisions
from text2song.compose.elements.line import Place
from text2song.compose.elements.ornament import approached, enclosed
from text2song.compose.elements.theme import Event
from text2song.domain.rational import Fraction
from text2song.domain.theory import Chord

HALF = Fraction(1, 2)


def line(count: int, *, long: bool = False) -> tuple[list[Event], list[Place]]:
    events = [Event(index * HALF, Fraction(1) if long else HALF, 0, 0, "motif") for index in range(count)]
    places = [Place(Chord(0), 0, 1 - index % 2, long=False, joined=True) for index in range(count)]
    return events, places


def test_a_passing_whole_tone_becomes_a_semitone() -> None:
    events, places = line(5)
    assert approached([60, 62, 64, 62, 60], events, places, 1.0, "x", Decisions(0), Fraction(16)) == (
        60,
        63,
        64,
        61,
        60,
    )


def test_nothing_is_bent_without_a_share() -> None:
    events, places = line(5)
    assert approached([60, 62, 64, 62, 60], events, places, 0.0, "x", Decisions(0), Fraction(16)) == (
        60,
        62,
        64,
        62,
        60,
    )


def test_goals_outside_the_chord_and_longer_notes_are_left_alone() -> None:
    events, places = line(3)
    assert approached([60, 64, 62], events, places, 1.0, "x", Decisions(0), Fraction(16)) == (60, 64, 62)
    events, places = line(3, long=True)
    assert approached([60, 62, 64], events, places, 1.0, "x", Decisions(0), Fraction(16)) == (60, 62, 64)


def test_every_phrase_is_bent_alike() -> None:
    events, places = line(128)
    bent = approached([60, 62, 64, 62] * 32, events, places, 0.5, "x", Decisions(2), Fraction(16))
    # What leads over the end of the last phrase has no goal.
    assert bent[:31] == bent[32:63] == bent[96:127]


def test_the_same_path_bends_the_same_notes() -> None:
    events, places = line(60)
    pitches = [60, 62, 64, 62] * 15
    first, second, other = (
        approached(pitches, events, places, 0.5, path, Decisions(1), Fraction(16)) for path in ("a", "a", "b")
    )
    assert first == second != other


def enclosure(share: float, first: int = 66) -> tuple[int, ...]:
    """A held note, two eighths and a goal on the beat: E over C."""
    starts = (Fraction(0), Fraction(1), Fraction(3, 2), Fraction(2))
    lengths = (Fraction(1), Fraction(1, 2), Fraction(1, 2), Fraction(2))
    events = [Event(start, length, 0, 0, "motif") for start, length in zip(starts, lengths, strict=True)]
    places = [Place(Chord(0), 37, strength, long=False, joined=True) for strength in (3, 1, 0, 2)]
    return enclosed((first, 60, 62, 64), events, places, share, "test", Decisions(1), Fraction(16))


def test_a_goal_is_enclosed_from_above_and_below() -> None:
    assert enclosure(1.0) == (66, 65, 63, 64)


def test_nothing_is_enclosed_without_a_share_or_over_a_leap() -> None:
    assert enclosure(0.0) == (66, 60, 62, 64)
    assert enclosure(1.0, first=59) == (59, 60, 62, 64)
