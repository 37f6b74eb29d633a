"""Tests of moods: every effect has its direction, over styles and seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from statistics import mean

import pytest
from tests.compose.elements.songs import context

from text2song.compose.elements.mood import mood_of
from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.context import Reading, Source
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Note, Role

_ABOVE = (Role.CHORDS, Role.PAD, Role.ARPEGGIO, Role.COUNTER)
_STRUCK = (Role.CHORDS, Role.BASS)


def test_a_feeling_that_nobody_named_changes_nothing() -> None:
    own = replace(context("pop"), valence=0.8, arousal=0.9, sources={"moods": Reading(Source.STYLE)})
    assert mood_of(own) == mood_of(context("pop"))
    assert mood_of(replace(own, sources={})) != mood_of(own)


@pytest.mark.parametrize("excited", [False, True])
def test_every_effect_grows_with_the_feeling(excited: bool) -> None:
    values = [value / 10 for value in range(-10, 11)]
    plain = context("pop")
    points = [mood_of(replace(plain, arousal=v) if excited else replace(plain, valence=v)) for v in values]
    for name in ("energy", "layers", "register", "velocity", "air_db"):
        figures = [getattr(point, name) for point in points]
        assert figures == sorted(figures)
        assert figures[-1] > figures[0]
    gates = [point.gate for point in points]
    assert gates == sorted(gates, reverse=True)
    assert gates[0] > 1 > gates[-1]


@cache
def _songs(mood: str) -> tuple[UnifiedComposition, ...]:
    return tuple(
        compose(CompositionRequest("x", seed, 60.0, genres=(GenreWeight(style),), moods=(mood,), vocals=False))
        for style in ("pop", "rock", "folk", "synthwave")
        for seed in range(6)
    )


def _notes(song: UnifiedComposition, roles: tuple[Role, ...]) -> list[Note]:
    return [note for part in song.parts if part.role in roles for note in part.notes]


def _minor(song: UnifiedComposition) -> float:
    return 0.0 if song.context.key.is_minor else 1.0


def _tempo(song: UnifiedComposition) -> float:
    return float(song.context.bpm)


def _density(song: UnifiedComposition) -> float:
    return sum(len(part.notes) for part in song.parts) / song.seconds


def _register(song: UnifiedComposition) -> float:
    return mean(note.pitch for note in _notes(song, _ABOVE))


def _detached(song: UnifiedComposition) -> float:
    """Return the share of the time to the next stroke in which nothing is held."""
    shares = []
    for part in song.parts:
        if part.role in _STRUCK:
            starts = sorted({note.start for note in part.notes})
            following = dict(pairwise(starts))
            shares += [
                1 - min(1.0, float(note.duration / (following[note.start] - note.start)))
                for note in part.notes
                if note.start in following
            ]
    return mean(shares)


def _force(song: UnifiedComposition) -> float:
    return mean(note.velocity for note in _notes(song, (*_ABOVE, Role.BASS, Role.DRUMS)))


def _brightness(song: UnifiedComposition) -> float:
    return song.mix.air_db


@pytest.mark.parametrize(("low", "high"), [("sad", "happy"), ("calm", "energetic")])
@pytest.mark.parametrize("figure", [_tempo, _density, _register, _detached, _force, _brightness])
def test_moods_differ_in_what_they_should(low: str, high: str, figure: Callable[[UnifiedComposition], float]) -> None:
    assert mean(figure(song) for song in _songs(low)) < mean(figure(song) for song in _songs(high))


def test_sad_songs_are_minor_and_happy_ones_major() -> None:
    sad, happy = (mean(_minor(song) for song in _songs(mood)) for mood in ("sad", "happy"))
    assert sad <= 0.25
    assert happy >= 0.75
