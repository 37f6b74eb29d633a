from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import cell_seed, decisions_for, drafted, felt, performed, song_seed
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


@pytest.mark.parametrize("style", ["pop", "jazz", "house", "metal"])
@pytest.mark.parametrize("seed", [3, 4])
def test_a_draft_has_the_starts_and_pitches_of_what_is_played(style: str, seed: int) -> None:
    song = finished(style)
    for part in song.parts:
        for section in (song.sections[1].name, song.sections[-1].name):
            draft = drafted(song, part.name, Decisions(seed), (section,))
            played = performed(song, part.name, Decisions(seed)).part
            heard = [(note.start, note.pitch) for note in notes_in(song, played, section)]
            assert [(note.start, note.pitch) for note in notes_in(song, draft.part, section)] == heard
            if draft.whole:
                assert felt(draft).part == played
            else:
                assert part.role in (Role.BASS, Role.DRUMS)


def test_a_remade_part_records_no_choice_of_another() -> None:
    song = finished("pop", seconds=90.0)
    decisions = Decisions(5)
    performed(song, "chords", decisions)
    others = {plan.name for plan in song.arrangement} - {"chords"}
    assert "chords/idiom" in {each.path for each in decisions.made}
    assert not {each.path for each in decisions.made} & {f"{name}/idiom" for name in others}
