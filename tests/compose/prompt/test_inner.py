"""Meanings inside longer phrases."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Entry, Kind
from text2song.compose.prompt.text import phrase


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("piano ballad", Entry(Kind.INSTRUMENT, "piano")),
        ("gospel choir", Entry(Kind.HINT, "gospel")),
        ("dark ambient", Entry(Kind.MOOD, "dark")),
        ("guitar solo", Entry(Kind.GENERIC, "guitar")),
        ("slow jazz", Entry(Kind.TEMPO, "slow")),
    ],
)
def test_a_phrase_keeps_what_its_words_mean(words: str, inside: Entry) -> None:
    assert inside in lexicon().phrases[phrase(words)]


@pytest.mark.parametrize(
    ("words", "name"), [("drum and bass", "bass"), ("drone metal", "drone"), ("black metal", "dark")]
)
def test_parts_of_names_mean_nothing_by_themselves(words: str, name: str) -> None:
    assert name not in {entry.name for entry in lexicon().phrases[phrase(words)]}
