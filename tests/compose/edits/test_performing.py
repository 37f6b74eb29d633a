from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import cell_seed, decisions_for, performed, song_seed
from text2song.compose.edits.targets import Cell, notes_in
from text2song.domain.score import Role


@pytest.mark.parametrize("style", ["pop", "jazz", "house"])
def test_the_same_choices_give_the_part_that_the_song_has(style: str) -> None:
    song = finished(style)
    for part in song.parts:
        assert performed(song, part.name, Decisions(song_seed(song))).part == part


def test_a_sung_part_comes_back_with_its_words() -> None:
    song = finished(sung=True)
    again = performed(song, "vocal", Decisions(song_seed(song)))
    assert again.part == song.part("vocal")
    assert again.lyrics == song.lyrics


def test_other_choices_leave_the_bands_agreements_alone() -> None:
    song = finished("house")
    cell = Cell("drop.1" if any(each.name == "drop.1" for each in song.sections) else "chorus.1", "bass")
    decisions = decisions_for(song, cell, 99)
    performed(song, "bass", decisions)
    before = {each.path: each for each in song.provenance.decisions}
    shared = [each for each in decisions.made if each.path.startswith("drums/groove") or "/cue/" in each.path]
    assert shared
    assert all(before[each.path] == each for each in shared)


def test_an_instrument_beside_a_singer_answers_the_tune_it_hears() -> None:
    song = finished("punk", sung=True, seconds=90.0)
    lead = song.part("lead")
    sung = next(plan.sections for plan in song.arrangement if plan.role is Role.VOCAL)
    both = [name for name in sung if notes_in(song, lead, name)]
    assert both
    decisions = decisions_for(song, Cell(both[0], "lead"), 5)
    tune = [each for each in decisions.made if each.path.endswith("/melody/plan")]
    performed(song, "lead", decisions)
    before = {each.path: each for each in song.provenance.decisions}
    assert all(before[each.path] == each for each in tune)


def test_a_stretch_made_again_remembers_its_seed() -> None:
    song = finished()
    assert cell_seed(song, Cell("verse.1", "bass")) == song_seed(song)
