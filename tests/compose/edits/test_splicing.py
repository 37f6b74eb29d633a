from __future__ import annotations

from dataclasses import replace

from tests.compose.edits.songs import finished

from text2song.compose.edits.splicing import lines_in, respoken, spliced, with_part
from text2song.compose.edits.targets import notes_in, section_of, span
from text2song.domain.lyrics import LyricLine
from text2song.domain.rational import Fraction
from text2song.domain.score import Note


def test_only_the_named_stretch_changes_and_the_rest_are_the_same_objects() -> None:
    song = finished()
    bass = song.part("bass")
    start, end = span(song, section_of(song, "chorus.1"))
    fresh = (Note(start, 40, Fraction(1), 90),)
    other = spliced(song, bass, {"chorus.1": fresh})
    kept = {id(note) for note in bass.notes if not start <= note.start < end}
    assert {id(note) for note in other.notes} == kept | {id(fresh[0])}
    assert list(other.notes) == sorted(other.notes, key=lambda note: note.start)


def test_a_new_note_ends_where_notes_that_stay_begin() -> None:
    song = finished()
    bass = song.part("bass")
    before, after = song.sections[:2]
    end = span(song, before)[1]
    assert notes_in(song, bass, after.name)
    long = Note(end - 1, 40, Fraction(3), 90)
    other = spliced(song, bass, {before.name: (long,)})
    assert notes_in(song, other, before.name) == (replace(long, duration=Fraction(1)),)


def test_the_other_parts_stay_the_same_objects() -> None:
    song = finished()
    other = with_part(song, replace(song.part("bass"), notes=()))
    assert all(one is two for one, two in zip(song.parts, other.parts, strict=True) if one.name != "bass")


def test_words_of_other_sections_stay() -> None:
    song = finished(sung=True)
    line = LyricLine("Quite other words", "verse.1")
    lyrics = respoken(song, {"verse.1": (line,)}, None)
    assert lines_in(lyrics, "verse.1") == (line,)
    assert lines_in(lyrics, "chorus.1") == lines_in(song.lyrics, "chorus.1")
    assert respoken(finished(), {}, None) is None
