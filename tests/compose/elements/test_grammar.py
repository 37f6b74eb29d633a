"""Tests of progressions made by function."""

from __future__ import annotations

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.grammar import invented
from text2song.compose.elements.roman import Function
from text2song.compose.style import load_style
from text2song.domain.composition import SectionKind
from text2song.domain.theory import Key

TABLE = load_style("pop").table("harmony")["grammar"]


@pytest.mark.parametrize("mode", TABLE["chords"])
@pytest.mark.parametrize("kind", SectionKind)
def test_every_kind_in_every_mode_gets_four_bars(mode: str, kind: SectionKind) -> None:
    found = {
        tuple(step.romans[0].text for step in steps)
        for seed in range(12)
        if (steps := invented(TABLE, Key(0, mode), kind, Decisions(seed), "test"))
    }
    assert len(found) >= 4
    assert all(len(romans) == 4 for romans in found)


def test_prechoruses_end_on_what_leads_on() -> None:
    for seed in range(20):
        steps = invented(TABLE, Key(0), SectionKind.PRECHORUS, Decisions(seed), "test")
        assert steps is not None
        assert steps[-1].romans[0].text in ("V", "iii")
        assert steps[0].romans[0].function is not Function.DOMINANT


def test_a_way_back_is_as_usual_as_the_style_says() -> None:
    table = {
        "rows": {"verse": [["D S", 1]]},
        "chords": {"major": {"D": [["V", 1]], "S": [["IV", 1], ["ii", 1]]}},
        "backward": 0.0,
    }
    with pytest.raises(ValueError, match="more than zero"):
        invented(table, Key(0), SectionKind.VERSE, Decisions(0), "test")
    assert invented(table | {"backward": 1.0}, Key(0), SectionKind.VERSE, Decisions(0), "test") is not None


@pytest.mark.parametrize("table", [{}, {"rows": {"verse": [["T X", 1]]}, "chords": {"major": {"T": [["I", 1]]}}}])
def test_a_table_that_cannot_fill_a_phrase_gives_none(table: dict[str, object]) -> None:
    assert invented(table, Key(0), SectionKind.VERSE, Decisions(0), "test") is None
