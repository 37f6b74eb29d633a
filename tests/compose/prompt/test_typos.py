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
