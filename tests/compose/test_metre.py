"""Tests of metrical strength."""

from __future__ import annotations

import pytest

from text2song.compose.metre import BAR, BEAT, STRONG, bar_groups, beats, counted_groups, group_starts, level, strength
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

METRES = [TimeSignature(numerator, denominator) for numerator in range(2, 16) for denominator in (2, 4, 8, 16)]


@pytest.mark.parametrize("metre", METRES, ids=lambda metre: metre.name)
def test_groups_fill_every_metre(metre: TimeSignature) -> None:
    assert Fraction(sum(bar_groups(metre)), 4) == metre.bar


def test_compound_bars_are_grouped_in_dotted_beats() -> None:
    assert bar_groups(TimeSignature(6, 8)) == (6, 6)
    assert bar_groups(TimeSignature(12, 8)) == (6, 6, 6, 6)


@pytest.mark.parametrize("metre", METRES, ids=lambda metre: metre.name)
def test_every_metre_has_a_hierarchy(metre: TimeSignature) -> None:
    levels = [level(Fraction(place, 8), metre) for place in range(int(metre.bar * 8))]
    assert levels.count(BAR) == 1
    assert sum(each >= BEAT for each in levels) == len(beats(metre))
    assert levels.count(STRONG) <= len(beats(metre)) / 2
    assert beats(metre)[0] == 0
    assert list(beats(metre)) == sorted(set(beats(metre)))
    assert level(5 * metre.bar + Fraction(1, 8), metre) == level(Fraction(1, 8), metre)


@pytest.mark.parametrize(
    ("name", "eighths"),
    [
        ("4/4", [4, 1, 2, 1, 3, 1, 2, 1]),
        ("3/4", [4, 1, 2, 1, 2, 1]),
        ("6/8", [4, 1, 1, 3, 1, 1]),
        ("12/8", [4, 1, 1, 2, 1, 1, 3, 1, 1, 2, 1, 1]),
        ("5/4", [4, 1, 2, 1, 2, 1, 3, 1, 2, 1]),
        ("7/8", [4, 1, 2, 1, 3, 1, 1]),
        ("5/8", [4, 1, 1, 3, 1]),
    ],
)
def test_levels_of_eighths(name: str, eighths: list[int]) -> None:
    metre = TimeSignature.parse(name)
    assert [level(Fraction(place, 2), metre) for place in range(len(eighths))] == eighths


def test_strength_is_the_level_from_nought_to_one() -> None:
    assert [strength(Fraction(place, 4), TimeSignature()) for place in (0, 1, 2, 4, 8)] == [1.0, 0.0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("text", "starts", "strong"),
    [
        ("7/8 (3+2+2)", "0 3/2 5/2", "3/2"),
        ("7/8 (2+3+2)", "0 1 5/2", "1 5/2"),
        ("7/8 (2+2+3)", "0 1 2", "2"),
        ("9/8 (2+2+2+3)", "0 1 2 3", "2 3"),
        ("8/8 (3+3+2)", "0 3/2 3", "3/2 3"),
    ],
)
def test_groups_that_are_said_make_the_beats(text: str, starts: str, strong: str) -> None:
    metre = TimeSignature.parse(text)
    assert Fraction(sum(bar_groups(metre)), 4) == metre.bar
    assert group_starts(metre) == beats(metre) == tuple(map(Fraction, starts.split()))
    for beat in beats(metre)[1:]:
        assert level(beat, metre) == (STRONG if beat in map(Fraction, strong.split()) else BEAT)


def test_five_quarters_turn_where_they_are_said_to() -> None:
    assert level(Fraction(2), TimeSignature(5, 4, (2, 3))) == STRONG
    assert level(Fraction(3), TimeSignature(5, 4, (2, 3))) == BEAT
    assert level(Fraction(3), TimeSignature(5, 4)) == STRONG


def test_even_bars_are_counted_in_no_groups() -> None:
    assert counted_groups(TimeSignature()) == ()
    assert group_starts(TimeSignature()) == (Fraction(0),)
