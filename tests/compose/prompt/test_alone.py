"""Instruments asked for alone."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.domain.request import CompositionRequest


def without(prompt: str) -> set[str]:
    return set(read_prompt(CompositionRequest(prompt)).without)


@pytest.mark.parametrize(
    "prompt",
    [
        "solo harp",
        "only harp",
        "just a warm soft harp",
        "nothing but harp",
        "harp only",
        "harp alone",
        "harp and nothing else",
        "harp, that's it",
        "no instruments except a harp",
        "no other instruments than a harp",
        "the only instrument is a harp",
        "harp, no other instruments",
        "everything is played by a harp",
        "a lofi beat with just harp",
        "no drums or bass, just harp",
        "exclusively harp and voice",
    ],
)
def test_nothing_else_sounds(prompt: str) -> None:
    assert {"drums", "bass", "guitar", "brass"} <= without(prompt)
    assert "harp" not in without(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "harp",
        "not only harp",
        "just a touch of harp",
        "harp only in the chorus",
        "only harp until the chorus",
        "just like a harp",
        "it's not just a harp",
    ],
)
def test_others_may_sound(prompt: str) -> None:
    assert without(prompt) == set()
