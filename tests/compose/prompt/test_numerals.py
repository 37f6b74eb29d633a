"""Spelled numbers."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.numerals import spelled
from text2song.compose.prompt.text import tokenise


@pytest.mark.parametrize(
    ("words", "value", "used"),
    [
        ("ninety", "90", 1),
        ("ninety five bpm", "95", 2),
        ("one hundred and twenty bpm", "120", 4),
        ("a hundred", "100", 2),
        ("two and a half minutes", "2.5", 4),
        ("3 and a half minutes", "3.5", 4),
        ("a minute", "", 0),
        ("12 strings", "", 0),
        ("", "", 0),
    ],
)
def test_numbers_in_words(words: str, value: str, used: int) -> None:
    assert spelled(words.split()) == (value, used)


def test_a_spelled_number_keeps_its_place_in_the_prompt() -> None:
    prompt = "play one hundred and ten bpm"
    number = tokenise(prompt)[1]
    assert number.text == "110"
    assert prompt[number.start : number.end] == "one hundred and ten"
