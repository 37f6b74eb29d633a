from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.remaking import _broken_up, difference, remade, remake_seed, repeated
from text2song.compose.edits.targets import Cell, notes_in
from text2song.domain.instruments import instrument
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role

STYLES = ("pop", "jazz", "house", "metal", "ambient", "reggae")


@pytest.mark.parametrize("style", STYLES)
def test_every_part_can_be_made_anew_and_is_audibly_other(style: str) -> None:
    song = finished(style)
    for part in song.parts:
        sections = [section.name for section in song.sections if notes_in(song, part, section.name)]
        child = remade(song, part.name, sections, 11, {})
        there = child.part(part.name)
        share = [difference(notes_in(song, part, name), notes_in(child, there, name)) for name in sections]
        assert sum(share) / len(share) >= 0.25, (part.name, share)
        assert min(share) > 0, (part.name, share)
        # It sounds where it sounded, and nothing else moved.
        assert all(notes_in(child, there, name) for name in sections)
        assert all(one is two for one, two in zip(song.parts, child.parts, strict=True) if one.name != part.name)


@pytest.mark.parametrize("style", STYLES)
def test_a_bass_made_anew_keeps_the_harmony(style: str) -> None:
    song = finished(style)
    bass = next(part for part in song.parts if part.role is Role.BASS)
    sections = [section.name for section in song.sections if notes_in(song, bass, section.name)]
    child = remade(song, bass.name, sections, 3, {})
    onsets = {note.start: note for note in child.part(bass.name).notes}
    heard = [(span, onsets[span.start]) for span in song.harmony if span.start in onsets]
    assert heard
    fitting = [note.pitch % 12 in (*span.chord.pitch_classes, span.chord.bass_pitch_class) for span, note in heard]
    assert sum(fitting) / len(fitting) >= 0.9


@pytest.mark.parametrize("style", STYLES)
def test_new_notes_can_be_played(style: str) -> None:
    song = finished(style)
    for part in song.parts:
        sections = [section.name for section in song.sections if notes_in(song, part, section.name)]
        info = instrument(part.instrument)
        for note in remade(song, part.name, sections[:1], 5, {}).part(part.name).notes:
            assert info.low <= note.pitch <= info.high or info.percussion
            assert 1 <= note.velocity <= 127
            assert note.duration > 0


def test_the_seed_of_each_stretch_is_kept() -> None:
    song = finished()
    child = remade(song, "bass", ["chorus.1"], 11, {})
    assert child.provenance.cells == {"chorus.1/bass": 11}
    assert remade(child, "bass", ["chorus.1"], 12, {}).provenance.cells == {Cell("chorus.1", "bass").name: 12}


def test_the_same_choices_on_the_same_song_repeat_it() -> None:
    song = finished(sung=True)
    for part in song.parts:
        sections = [section.name for section in song.sections if notes_in(song, part, section.name)]
        assert repeated(song, part.name, sections, {}).notes == {
            name: notes_in(song, part, name) for name in sections
        }, part.name


def test_difference_is_the_share_of_other_notes() -> None:
    one, two = Note(Fraction(0), 60, Fraction(1), 90), Note(Fraction(1), 60, Fraction(1), 90)
    assert difference((one, two), (one, two)) == 0.0
    assert difference((one, two), (one,)) == 0.5
    assert difference((one,), (two,)) == 1.0


def test_another_target_number_or_edit_is_another_seed() -> None:
    song = finished()
    seeds = {remake_seed(song, number, part) for number in range(3) for part in ("bass", "drums")}
    assert len(seeds) == 6


def test_chords_struck_twice_as_often_are_still_in_time_order() -> None:
    song = finished()
    drums = song.part("drums")
    broken = _broken_up(song, drums, [section.name for section in song.sections])
    for notes in broken.notes.values():
        assert list(notes) == sorted(notes)
