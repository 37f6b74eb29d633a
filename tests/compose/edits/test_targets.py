from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.targets import Cell, locked_cells, notes_by_section, notes_in, sections_named, selected
from text2song.domain.edits import InvalidEditError
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role


def test_a_part_is_all_its_stretches_and_a_section_all_its_parts() -> None:
    song = finished()
    bass = selected(song, ("bass",), "remake").cells
    assert {cell.part for cell in bass} == {"bass"}
    assert [cell.section for cell in bass] == [
        section.name for section in song.sections if notes_in(song, song.part("bass"), section.name)
    ]
    chorus = selected(song, ("chorus.1",), "remake").cells
    assert {cell.section for cell in chorus} == {"chorus.1"}
    assert "drums" in {cell.part for cell in chorus}


def test_a_kind_names_every_section_of_it() -> None:
    song = finished(seconds=120.0)
    choruses = sections_named(song, "chorus", "remake")
    assert len(choruses) >= 2
    assert selected(song, ("chorus/bass",), "remake").cells == tuple(Cell(name, "bass") for name in choruses)


def test_every_note_belongs_to_one_section() -> None:
    song = finished()
    for part in song.parts:
        owned = [note for section in song.sections for note in notes_in(song, part, section.name)]
        assert owned == list(part.notes)


@pytest.mark.parametrize("turned", [False, True])
def test_all_sections_at_once_are_each_by_itself(turned: bool) -> None:
    song = finished()
    # Notes may stand in any order, before or on an edge, and after the end.
    edge = song.time_signature.bar * song.sections[1].start_bar
    more = [Note(at, 40, Fraction(1), 90) for at in (edge, edge - Fraction(1, 7), song.length, song.length + 9)]
    for part in (*song.parts, Part("none", Role.BASS, "synth_bass")):
        notes = [*part.notes, *more] if part.notes else []
        part = replace(part, notes=tuple(reversed(notes) if turned else notes))  # noqa: PLW2901
        found = notes_by_section(song, part)
        assert {name: tuple(there) for name, there in found.items()} == {
            section.name: notes_in(song, part, section.name) for section in song.sections
        }


def test_words_and_chords_are_targets_too() -> None:
    song = finished(sung=True)
    chosen = selected(song, ("verse.1/lyrics", "chorus/harmony"), "remake")
    assert chosen.words == ("verse.1",)
    assert "chorus.1" in chosen.harmony
    assert not chosen.cells


@pytest.mark.parametrize("target", ["tuba", "verse.9", "verse.1/tuba", "verse.9/bass", "outro.7/drums"])
def test_what_the_song_has_not_is_refused_with_what_it_has(target: str) -> None:
    with pytest.raises(InvalidEditError, match=r"no (part|section|part or section)") as caught:
        selected(finished(), (target,), "remake")
    assert caught.value.field == "remake"
    assert caught.value.choices


def test_a_lock_of_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidEditError, match="tuba") as caught:
        locked_cells(finished(), ("tuba",))
    assert caught.value.field == "lock"


def test_what_is_silent_cannot_be_changed() -> None:
    song = finished()
    silent = [
        f"{section.name}/{part.name}"
        for part in song.parts
        for section in song.sections
        if not notes_in(song, part, section.name)
    ]
    assert silent
    with pytest.raises(InvalidEditError, match="nothing sounds"):
        selected(song, (silent[0],), "remake")
