"""What the style decides."""

from __future__ import annotations

from collections import Counter

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.prompt.choices import chosen_bpm, paced, tempo_word
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest


def test_a_tempo_word_narrows_the_style_or_steps_just_outside_it() -> None:
    assert paced((90, 130, 110), (58, 82), absolute=False) == (67.5, 81.0, 74.25)
    assert paced((60, 90, 75), (58, 82), absolute=False) == (60, 82, 71)
    assert paced((118, 128, 123), (42, 58), absolute=True)[:2] == (42, 58)


@pytest.mark.parametrize("lift", [-0.4, 0.0, 1.0])
def test_a_drawn_tempo_stays_in_the_range(lift: float) -> None:
    drawn = [chosen_bpm((90, 120, 100), lift, Decisions(seed)) for seed in range(50)]
    assert all(90 <= bpm <= 120 for bpm in drawn)


def test_what_is_very_calm_may_be_slower_than_the_style() -> None:
    drawn = [chosen_bpm((90, 120, 100), -1.0, Decisions(seed)) for seed in range(50)]
    assert all(90 * 0.67 - 1 <= bpm <= 120 for bpm in drawn)
    assert min(drawn) < 90


def test_excitement_lifts_the_tempo() -> None:
    calm = sum(chosen_bpm((90, 120, 105), -1.0, Decisions(seed)) for seed in range(30))
    wild = sum(chosen_bpm((90, 120, 105), 1.0, Decisions(seed)) for seed in range(30))
    assert wild - calm > 30 * 8


@pytest.mark.parametrize(("prompt", "minor"), [("sad pop", True), ("happy pop", False)])
def test_the_mood_tilts_the_mode(prompt: str, minor: bool) -> None:
    modes = Counter(read_prompt(CompositionRequest(prompt, seed=seed)).key.is_minor for seed in range(40))
    assert modes[minor] > 30


def test_comparisons_measure_from_the_genre_named() -> None:
    for seed in range(10):
        assert 90 < read_prompt(CompositionRequest("pop, slower than house", seed=seed)).bpm < 118


@pytest.mark.parametrize(
    ("bpm", "word"), [(50, "very slow"), (75, "slow"), (100, "mid-tempo"), (128, "up-tempo"), (160, "fast")]
)
def test_tempo_words(bpm: int, word: str) -> None:
    assert tempo_word(Fraction(bpm)) == word
