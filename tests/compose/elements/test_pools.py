"""Tests of weighted pools."""

from __future__ import annotations

from text2song.compose.decisions import Decisions
from text2song.compose.elements.pools import read_pool


def test_reads_values_and_weights() -> None:
    pool = read_pool({"shapes": [["0 1", 2], ["1 0", 0.5]]}, "shapes")
    assert pool is not None
    assert pool.options == ("0 1", "1 0")
    assert pool.weights == (2.0, 0.5)


def test_missing_and_empty_are_none() -> None:
    assert read_pool({}, "shapes") is None
    assert read_pool({"shapes": []}, "shapes") is None


def test_a_draw_is_recorded_and_respects_weights() -> None:
    pool = read_pool({"a": [["never", 0], ["always", 1]]}, "a")
    decisions = Decisions(4)
    assert pool is not None
    assert pool.draw(decisions, "x/y") == "always"
    assert decisions.made[0].path == "x/y"
