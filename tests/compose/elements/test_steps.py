from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.elements.steps import bars_of, slots
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

METRES = (
    *("2/4", "3/4", "4/4", "5/4", "7/4", "6/8", "7/8", "9/8", "12/8", "11/8", "15/16", "3/8", "2/2"),
    *("7/8 (3+2+2)", "7/8 (2+3+2)", "9/8 (2+2+2+3)", "5/4 (2+3)", "8/8 (3+3+2)", "10/8 (3+2+2+3)", "7/4 (4+3)"),
)


@pytest.mark.parametrize("metre", METRES)
def test_the_beats_of_any_metre_fill_its_bar(metre: str) -> None:
    signature = TimeSignature.parse(metre)
    assert sum(slot.length for slot in slots(signature)) == signature.bar


def test_a_pattern_in_four_four_reads_as_written() -> None:
    (bar,) = bars_of("x--.X...|o.......", TimeSignature(4, 4))
    assert [(step.start, step.duration, step.symbol) for step in bar] == [
        (Fraction(0), Fraction(3, 4), "x"),
        (Fraction(1), Fraction(1, 4), "X"),
        (Fraction(2), Fraction(1, 4), "o"),
    ]


def test_twelve_steps_are_triplets() -> None:
    (bar,) = bars_of("x.xx........", TimeSignature(4, 4))
    assert [step.start for step in bar] == [0, Fraction(2, 3), 1]


def test_a_waltz_keeps_the_one_and_ends_on_the_back_beat() -> None:
    (bar,) = bars_of("K...S...k...s...", TimeSignature(3, 4))
    assert [(step.start, step.symbol) for step in bar] == [(Fraction(0), "K"), (Fraction(1), "k"), (Fraction(2), "s")]


def test_six_eight_alternates_the_halves_and_fills_the_hats() -> None:
    first, second = bars_of("x.o.x.o.X.g.X.g.", TimeSignature(6, 8), keeps_time=True)
    assert [step.start for step in first] == [Fraction(n, 2) for n in range(6)]
    assert {step.symbol for step in second} == {"X", "g"}


def test_seven_eight_is_two_and_two_and_three() -> None:
    (bar,) = bars_of("a...b...c...d...", TimeSignature(7, 8))
    assert [(step.start, step.symbol) for step in bar] == [
        (Fraction(beat), symbol) for beat, symbol in enumerate("abcd")
    ]


def test_two_bar_patterns_give_two_bars() -> None:
    first, second = bars_of("x..............." + "....o...........", TimeSignature(4, 4), bars=2)
    assert [step.start for step in first] == [0]
    assert [step.start for step in second] == [1]


def test_a_pattern_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="four beats"):
        bars_of("x.x", TimeSignature(4, 4))


@given(st.text(alphabet="x.-", min_size=16, max_size=16), st.sampled_from(METRES), st.booleans())
def test_steps_stay_inside_the_bar_and_never_overlap(pattern: str, metre: str, keeps_time: bool) -> None:
    signature = TimeSignature.parse(metre)
    for bar in bars_of(pattern, signature, keeps_time=keeps_time):
        ends = Fraction(0)
        for step in bar:
            assert step.start >= ends
            assert step.duration > 0
            ends = step.start + step.duration
        assert ends <= signature.bar


def test_a_pattern_in_its_own_metre_is_not_fitted() -> None:
    (bar,) = bars_of("=X...x...x.-...", TimeSignature(7, 8))
    assert [step.start for step in bar] == [0, 1, 2]
    with pytest.raises(ValueError, match="no bar of 4/4"):
        bars_of("=X...x...x.....", TimeSignature(4, 4))
