"""Length in figures and words."""

from __future__ import annotations

import pytest
from tests.compose.prompt import figure_wordings as wordings

from text2song.compose.prompt.measures import read_duration
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.words import Words
from text2song.domain.request import CompositionRequest


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("90 seconds", 90),
        ("two and a half minutes", 150),
        ("a three-minute song", 180),
        ("2:30", 150),
        ("2m30s", 150),
        ("2 min 30 sec", 150),
        ("1.5 minutes", 90),
        ("a minute and a half", 90),
        ("half a minute", 30),
        ("a 30s jingle", 30),
        ("for 60s", 60),
        ("synthwave, 100 bpm, A minor, 60s", 60),
        ("45s", 45),
        ("2-3 minutes", 150),
        ("a couple of minutes", 120),
    ],
)
def test_a_stated_length(prompt: str, seconds: float) -> None:
    found = read_duration(Words.of(prompt))
    assert found is not None
    assert (found.seconds, found.beyond) == (seconds, "")


@pytest.mark.parametrize(
    "prompt", ["90s hip hop", "an 80s synth", "pop, 90s", "808s and 303s", "the 60s", "30s swing era"]
)
def test_decades_and_machines_are_no_length(prompt: str) -> None:
    assert read_duration(Words.of(prompt)) is None


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("2 seconds", 5),
        ("11 minutes", 600),
        ("1 hour", 600),
        ("rain for an hour", 600),
        ("an hour long drone", 600),
        ("half an hour", 600),
        ("1000000 seconds", 600),
        ("0 seconds", 5),
    ],
)
def test_a_length_no_song_may_have_becomes_the_nearest_and_is_said(prompt: str, seconds: float) -> None:
    found = read_duration(Words.of(prompt))
    assert found is not None
    assert found.seconds == seconds
    assert "5–600 seconds" in found.beyond


def test_an_hour_of_the_day_is_no_length() -> None:
    assert read_duration(Words.of("piano an hour before dawn, the darkest of an hour")) is None


@pytest.mark.parametrize(("prompt", "seconds"), wordings.LENGTHS)
def test_wordings_of_lengths(prompt: str, seconds: float) -> None:
    found = read_duration(Words.of(prompt))
    assert found is not None
    assert (found.seconds, found.beyond) == (seconds, "")


@pytest.mark.parametrize("prompt", wordings.TOO_LONG)
def test_wordings_of_lengths_beyond_a_song(prompt: str) -> None:
    found = read_duration(Words.of(prompt))
    assert found is not None
    assert found.seconds == 600
    assert found.beyond


@pytest.mark.parametrize("prompt", wordings.NO_LENGTHS)
def test_moments_and_ways_of_speaking_are_no_length(prompt: str) -> None:
    assert read_duration(Words.of(prompt)) is None


@pytest.mark.parametrize(("prompt", "seconds"), wordings.BARS)
def test_bars_are_counted(prompt: str, seconds: float) -> None:
    found = read_duration(Words.of(prompt))
    assert found is not None
    assert found.bars > 0
    assert read_prompt(CompositionRequest(prompt)).duration_seconds == pytest.approx(seconds, abs=0.01)
