"""Denials around and behind a thing."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.denial_desk import Desk, Phrase
from text2song.compose.prompt.denial_frames import deny_around, deny_before, lessened
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.words import Span, Words


def gone(prompt: str) -> bool:
    words = Words.of(prompt)
    at = next(index for index, token in enumerate(words.tokens) if token.text.startswith("drum"))
    entries = lexicon().phrases[("drums",)]
    desk = Desk(words, [Phrase(entries, Span(at, at + 1))])
    deny_around(desk)
    deny_before(desk, lexicon())
    return bool(desk.gone)


@pytest.mark.parametrize(
    "prompt", ["keep the drums out", "drums: none", "drums not needed", "drum-free", "drum free mix", "take drums away"]
)
def test_denied(prompt: str) -> None:
    assert gone(prompt)


@pytest.mark.parametrize(
    "prompt",
    ["keep the drums out front", "drums: loud", "fade the drums out", "drums, free jazz", "keep the drums. Out now"],
)
def test_not_denied(prompt: str) -> None:
    assert not gone(prompt)


def test_less_hangs_on_a_word() -> None:
    assert lessened("drumless") == "drum"
    assert lessened("less") == ""
    assert lessened("drums") == ""
