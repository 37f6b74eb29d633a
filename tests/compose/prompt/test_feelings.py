"""Moods as names and points."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.feelings import feeling_of, nearest_mood
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import CompositionContext, Source
from text2song.domain.request import CompositionRequest


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt))


@pytest.mark.parametrize(
    ("prompt", "valence", "arousal"),
    [
        ("happy pop", 1, 1),
        ("sad pop", -1, -1),
        ("angry pop", -1, 1),
        ("peaceful pop", 1, -1),
        ("not happy pop", -1, -1),
    ],
)
def test_the_quadrant_of_a_mood(prompt: str, valence: int, arousal: int) -> None:
    context = read(prompt)
    assert context.valence * valence > 0
    assert context.arousal * arousal > 0


def test_emphasis_moves_the_point() -> None:
    assert read("very sad, energetic pop").valence < read("slightly sad, energetic pop").valence


def test_a_scene_stands_for_a_mood_when_none_is_named() -> None:
    assert read("pop for a workout").moods[0] == "energetic"
    assert read("calm pop for a workout").moods[0] == "calm"


def test_a_denied_mood_gives_no_name() -> None:
    context = read("not sad jazz")
    assert "sad" not in context.moods
    assert context.valence > 0


def test_without_a_mood_the_genre_speaks() -> None:
    context = read("doom metal")
    assert context.sources["moods"].source is Source.STYLE
    assert context.valence < -0.5


def test_points_between_moods_and_names_of_points() -> None:
    feeling = feeling_of(("happy", "sad"), lexicon())
    assert abs(feeling.valence) < 0.2
    assert nearest_mood(0.9, 0.9, lexicon()) == "euphoric"
