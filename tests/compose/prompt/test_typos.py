"""Slips of the keyboard."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.text import tokenise
from text2song.compose.prompt.typos import repaired


def fixed(words: str) -> str:
    return " ".join(token.text for token in repaired(tokenise(words)))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("meloncholy", "melancholy"),
        ("synthwvae", "synthwave"),
        ("pinao", "piano"),
        ("saxaphone", "saxophone"),
        ("orchestal", "orchestral"),
        ("nostlagic", "nostalgic"),
        ("guittar", "guitar"),
        ("accordian", "accordion"),
    ],
)
def test_a_misspelt_word_is_put_right(wrong: str, right: str) -> None:
    assert fixed(wrong) == right


@pytest.mark.parametrize(
    "word", ["horse", "table", "message", "stings", "native", "mermaid", "pain", "leather", "function", "cats"]
)
def test_ordinary_words_are_left_alone(word: str) -> None:
    assert fixed(word) == word


@pytest.mark.parametrize(
    "words",
    [
        "techno like moderat",
        "in the style of Dromer",
        "play it, Bango Star",
    ],
)
def test_a_name_is_not_made_a_word_of_music(words: str) -> None:
    assert fixed(words) == " ".join(token.text for token in tokenise(words))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("like portisheed", "like portishead"), ("Pinao and Guittar Balads", "piano and guitar ballads")],
)
def test_artists_and_title_case_are_put_right(wrong: str, right: str) -> None:
    assert fixed(wrong) == right
