"""Scores change only on purpose: every style's golden song is note for note what it was."""

from __future__ import annotations

import pytest
from tests.golden.regenerate import golden_digest, stored

from text2song.compose.style import style_names


def test_every_style_has_a_golden_score() -> None:
    assert set(stored()) == set(style_names())


@pytest.mark.parametrize("style", style_names())
def test_the_score_is_the_golden_one(style: str) -> None:
    assert golden_digest(style) == stored()[style], "if the change is meant: python -m tests.golden.regenerate"
