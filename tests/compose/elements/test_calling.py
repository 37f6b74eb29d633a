"""Tests of what a style has of call and response."""

from __future__ import annotations

import pytest

from text2song.compose.elements.calling import habit_of, is_calling, let_go
from text2song.compose.style import load_style, style_names
from text2song.domain.rational import Fraction

LINE = [(Fraction(0), Fraction(1)), (Fraction(1), Fraction(6))]


@pytest.mark.parametrize("name", style_names())
def test_every_style_says_how_much_it_answers(name: str) -> None:
    assert 0 <= habit_of(load_style(name)) <= 1


def test_only_musics_of_call_and_response_make_room() -> None:
    blues, house = load_style("blues"), load_style("house")
    assert is_calling(blues)
    assert not is_calling(house)


def test_the_last_word_of_a_line_is_let_go_where_it_is_answered() -> None:
    assert let_go(LINE, load_style("house"), 0.5) == LINE
    first, last = let_go(LINE, load_style("blues"), 0.5)
    assert first == LINE[0]
    assert last == (Fraction(1), Fraction(2))
    assert let_go([], load_style("blues"), 0.5) == []
