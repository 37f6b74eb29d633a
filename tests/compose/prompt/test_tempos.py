"""Tempo in figures and words."""

from __future__ import annotations

import pytest
from tests.compose.prompt import figure_wordings as wordings

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.tempos import read_bpm
from text2song.compose.prompt.words import Words
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, InvalidRequestError


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


@pytest.mark.parametrize(("prompt", "bpm"), wordings.TEMPOS)
def test_wordings_of_tempos(prompt: str, bpm: float) -> None:
    found = read_bpm(Words.of(prompt))
    assert found is not None
    assert found[0] == bpm


@pytest.mark.parametrize("prompt", wordings.NO_TEMPOS)
def test_figures_that_are_no_tempo(prompt: str) -> None:
    assert read_bpm(Words.of(prompt)) is None


@pytest.mark.parametrize(
    ("prompt", "low", "high"),
    [
        ("stay under 75 bpm", 65, 74.9),
        ("slower than 90", 80, 89.9),
        ("faster than 150", 150.1, 165),
        ("no faster than 100 bpm", 90, 100),
        ("like drum and bass but half the speed", 80, 90),
        ("half the speed of dnb, dark ambient", 80, 90),
        ("twice as fast as dub, ska", 120, 170),
    ],
)
def test_bounds_and_shares_of_other_tempos(prompt: str, low: float, high: float) -> None:
    assert low <= read_prompt(CompositionRequest(prompt)).bpm <= high


def test_a_tempo_that_no_song_can_have_may_be_overruled_by_the_field() -> None:
    assert read_prompt(CompositionRequest("a dirge at 20 bpm", bpm=60)).bpm == 60


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [("house, one-two-six bpm", 126), ("techno one three eight BPM", 138), ("dub, nine five bpm", 95)],
)
def test_a_tempo_read_out_figure_by_figure(prompt: str, bpm: int) -> None:
    assert read_prompt(CompositionRequest(prompt)).bpm == bpm
