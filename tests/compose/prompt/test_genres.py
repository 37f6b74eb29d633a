"""Genres, blends and weights."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.domain.request import CompositionRequest


def blend(prompt: str) -> list[tuple[str, float]]:
    return [(genre.name, round(genre.weight, 3)) for genre in read_prompt(CompositionRequest(prompt)).genres]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a pop song", [("pop", 1.0)]),
        ("indie folk with folk vibes", [("indie folk", 1.0)]),
        ("70% rock, 30% jazz", [("rock", 0.7), ("jazz", 0.3)]),
        ("a mix of reggae and metal", [("reggae", 0.5), ("metal", 0.5)]),
        ("jazz house", [("jazz", 0.375), ("house", 0.625)]),
        ("techno with a touch of jazz", [("techno", 0.741), ("jazz", 0.259)]),
        ("acoustic", [("acoustic", 1.0)]),
        ("acoustic metal", [("metal", 1.0)]),
        ("anything but jazz", [("pop", 1.0)]),
        ("a song", [("pop", 1.0)]),
        ("in the style of Daft Punk", [("French house", 1.0)]),
        ("music for studying", [("lo-fi hip hop", 1.0)]),
        ("banjo and harmonica", [("bluegrass", 1.0)]),
        ("90s", [("pop", 1.0)]),
    ],
)
def test_the_blend_of_a_prompt(prompt: str, expected: list[tuple[str, float]]) -> None:
    assert blend(prompt) == expected


def test_ancestors_are_named_nearest_first() -> None:
    (genre,) = read_prompt(CompositionRequest("britpop")).genres
    assert genre.parents[:2] == ("indie rock", "rock")
    assert genre.style == "indierock"


def test_at_most_three_are_blended() -> None:
    assert len(blend("pop, jazz, metal, reggae and techno")) == 3


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a sad slow song with guitar", "singer-songwriter"),
        ("quiet and prayerful, flute over organ", "choral"),
        ("an aggressive song with guitar", "indie rock"),
        ("joyful, with organ", "soul"),
    ],
)
def test_what_an_instrument_suggests_depends_on_how_calm_the_music_is(prompt: str, name: str) -> None:
    assert [genre for genre, _ in blend(prompt)] == [name]
