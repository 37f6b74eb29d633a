"""Tests of how clearly chords say their key."""

from __future__ import annotations

import pytest

from text2song.compose.elements.roman import Roman
from text2song.compose.elements.tonality import MAJOR_PROFILE, MINOR_PROFILE, clarity, fit
from text2song.domain.rational import Fraction
from text2song.domain.theory import Key


def of(progression: str, key: str) -> float:
    home = Key.parse(key)
    return clarity([(Roman.parse(text).chord(home), Fraction(1)) for text in progression.split()], home)


@pytest.mark.parametrize("tonic", range(12))
def test_a_profile_fits_its_own_key_best(tonic: int) -> None:
    weights = [MINOR_PROFILE[(place - tonic) % 12] for place in range(12)]
    assert fit(weights, tonic, minor=True) == pytest.approx(1.0)
    assert max(fit(weights, other, minor=False) for other in range(12)) < 0.9
    assert fit(list(MAJOR_PROFILE), 0, minor=False) == pytest.approx(1.0)


def test_even_weights_fit_nothing() -> None:
    assert fit([1.0] * 12, 0, minor=False) == 0.0


def test_a_real_dominant_is_clearer_than_the_pop_loop() -> None:
    assert of("i bVII bVI V", "A minor") > 0 > of("i bVI bIII bVII", "A minor")
    assert of("I IV I V", "C major") > of("vi IV I V", "C major")


def test_clarity_does_not_depend_on_the_tonic() -> None:
    assert of("i iv bVI V", "A minor") == pytest.approx(of("i iv bVI V", "Eb minor"))
