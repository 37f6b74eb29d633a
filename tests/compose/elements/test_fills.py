from __future__ import annotations

import pytest
from tests.compose.elements.bands import PLAN, asked, composed

from text2song.compose.decisions import Decisions
from text2song.compose.elements.fills import fill_before
from text2song.compose.style import load_style
from text2song.domain.composition import PartPlan, Section, SectionKind
from text2song.domain.score import Role

ROCK = load_style("rock")
VERSE = Section("verse.1", SectionKind.VERSE, 0, 8, 0.5)
CHORUS = Section("chorus.1", SectionKind.CHORUS, 8, 8, 0.9)
OUTRO = Section("outro.1", SectionKind.OUTRO, 16, 4, 0.2)
DRUMS = PartPlan("drums", Role.DRUMS, "drum_kit", ("verse.1", "chorus.1"), 0, 127)


def test_there_is_no_fill_at_the_end() -> None:
    assert fill_before(None, CHORUS, DRUMS, ROCK, Decisions(0)) is None


def test_arrivals_get_longer_fills_than_departures() -> None:
    into, out = [], []
    for seed in range(40):
        arriving = fill_before(CHORUS, VERSE, DRUMS, ROCK, Decisions(seed))
        leaving = fill_before(OUTRO, CHORUS, DRUMS, ROCK, Decisions(seed))
        assert arriving is not None
        assert leaving is not None
        into.append(arriving.beats)
        out.append(leaving.beats)
    assert sum(into) > sum(out) * 1.5
    assert set(into) == {1, 2, 4}
    assert set(out) == {1}


@pytest.mark.parametrize("style", ["house", "jazz", "metal", "folk"])
def test_fills_suit_the_style(style: str) -> None:
    song = composed(asked(style, 0, 60), PLAN)
    before, after = song.sections[0], song.sections[1]
    plan = PartPlan("drums", Role.DRUMS, "drum_kit", (before.name, after.name), 0, 127)
    names = set()
    for seed in range(20):
        fill = fill_before(after, before, plan, load_style(style), Decisions(seed))
        assert fill is not None
        names.add(fill.name)
    assert len(names) >= 2
