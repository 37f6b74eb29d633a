"""Tokens of a prompt."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.prompt.text import clean, fold, phrase, tokenise


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("lo-fi Hip-Hop", ["lo", "fi", "hip", "hop"]),
        ("r&b, d & b", ["r", "and", "b", ",", "d", "and", "b"]),
        ("’80s and 1990's", ["80s", "and", "1990s"]),
        ("F#m in 6 / 8", ["f#m", "in", "6/8"]),
        ("90-100 bpm", ["90", "~", "100", "bpm"]),
        ("120bpm 2:30", ["120", "bpm", "2:30"]),
        ("pop - café", ["pop", "–", "cafe"]),
        ("w/ drums w/o bass", ["with", "drums", "without", "bass"]),
        ("line\nbreak", ["line", "\n", "break"]),
    ],
)
def test_words_numbers_and_signs(written: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenise(clean(written))] == tokens


def test_a_lexicon_phrase_is_cut_like_a_prompt() -> None:
    assert phrase("12-bar blues") == phrase("twelve bar Blues") == ("12", "bar", "blues")


@given(st.text(max_size=200))
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    cleaned = clean(text)
    tokens = tokenise(cleaned)
    assert all(0 <= token.start < token.end <= len(cleaned) and token.text for token in tokens)
    assert all(left.end <= right.start for left, right in pairwise(tokens))


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_folding_leaves_something(word: str) -> None:
    assert fold(word) or not any(character.isalnum() for character in word)
