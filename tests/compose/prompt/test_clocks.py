"""Lengths as cue sheets and other languages write them."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.clocks import in_figures


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("runtime 00:02:40", "runtime 2:40"),
        ("01:02:40:12 of rain", "62:40 of rain"),
        ("radio spot :30", "radio spot 0:30"),
        ("une minute vingt-cinq", "a minute 25"),
        ("treinta y cinco segundos", "35 segundos"),
        ("zwei Minuten", "2 Minuten"),
    ],
)
def test_lengths_in_figures(written: str, figures: str) -> None:
    assert in_figures(written) == figures


@pytest.mark.parametrize(
    "written", ["tempo :60", "10:30:00", "16:9", "smile :) 30", "veinte violines", "trente ans", "un"]
)
def test_other_figures_stay(written: str) -> None:
    assert in_figures(written) == written
