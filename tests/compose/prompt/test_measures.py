"""Tempo and length in figures and words."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.measures import read_bpm, read_duration
from text2song.compose.prompt.words import Words
from text2song.domain.rational import Fraction
from text2song.domain.request import InvalidRequestError


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("at 92 bpm", "92"),
        ("120BPM house", "120"),
        ("tempo 90", "90"),
        ("Tempo: 68", "68"),
        ("bpm = 101", "101"),
        ("90-100 bpm", "95"),
        ("between 80 and 90 bpm", "85"),
        ("ninety five beats per minute", "95"),
        ("127.5 bpm", "127.5"),
        ("techno, 138, dark", "138"),
        ("liquid dnb at 174 with pads", "174"),
        ("grime instrumental 140", "140"),
        ("♩ = 72", "72"),
    ],
)
def test_a_stated_tempo(prompt: str, bpm: str) -> None:
    found = read_bpm(Words.of(prompt))
    assert found is not None
    assert found[0] == Fraction(bpm)


@pytest.mark.parametrize(
    "prompt", ["summer of 99", "at 30 seconds", "808 drums", "route 66", "a 12-string guitar", "80s pop"]
)
def test_other_numbers_are_no_tempo(prompt: str) -> None:
    assert read_bpm(Words.of(prompt)) is None


@pytest.mark.parametrize("prompt", ["5 bpm", "900 bpm", "bpm 5", "tempo: 1000000"])
def test_an_impossible_tempo_is_refused_in_the_words_said(prompt: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"30–300") as caught:
        read_bpm(Words.of(prompt))
    assert caught.value.field == "prompt"


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
