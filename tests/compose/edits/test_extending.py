from __future__ import annotations

from itertools import pairwise

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.extending import to_duration, with_section_again
from text2song.compose.edits.targets import notes_in
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import InvalidEditError


def _whole(song: UnifiedComposition) -> None:
    assert song.sections[0].start_bar == 0
    assert all(one.end_bar == two.start_bar for one, two in pairwise(song.sections))
    assert len({section.name for section in song.sections}) == len(song.sections)
    assert len(song.energy) in (0, song.bars)
    assert all(one.end == two.start for one, two in pairwise(song.harmony))
    assert song.harmony[-1].end == song.length
    for part in song.parts:
        assert [note.start for note in part.notes] == sorted(note.start for note in part.notes)


@pytest.mark.parametrize("style", ["pop", "house", "jazz"])
def test_a_section_is_played_once_more_and_the_rest_moves(style: str) -> None:
    song = finished(style)
    source = song.sections[1] if len(song.sections) > 2 else song.sections[0]
    child, (name,) = with_section_again(song, source.name)
    _whole(child)
    assert child.bars == song.bars + source.bars
    length = source.bars * song.time_signature.bar
    for one, two in zip(song.parts, child.parts, strict=True):
        heard = [(note.start, note.pitch) for note in notes_in(child, two, source.name)]
        again = [(note.start - length, note.pitch) for note in notes_in(child, two, name)]
        assert again == heard
        last = song.sections[-1].name
        moved = [note.start - length for note in notes_in(child, two, last)]
        assert moved == [note.start for note in notes_in(song, one, last)]


def test_sung_words_come_again_with_it() -> None:
    song = finished(sung=True, seconds=90.0)
    child, (name,) = with_section_again(song, "chorus")
    _whole(child)
    assert child.lyrics is not None
    assert [line.text for line in child.lyrics.lines if line.section == name]
    starts = [line.syllables[0].start for line in child.lyrics.lines]
    assert starts == sorted(starts)
    # What makes room for the voice moves with it.
    assert list(child.mix.sung) == sorted(child.mix.sung)
    assert len(child.mix.sung) > len(song.mix.sung) > 0


@pytest.mark.parametrize("seconds", [75.0, 100.0, 180.0])
def test_a_song_becomes_as_long_as_asked_to_the_bar(seconds: float) -> None:
    song = finished()
    child, made = to_duration(song, seconds)
    _whole(child)
    assert made
    assert abs(child.seconds - seconds) <= song.seconds / song.bars
    assert child.sections[-1].name == song.sections[-1].name


def test_a_loop_of_one_section_is_extended_too() -> None:
    song = finished(seconds=8.0)
    child, made = to_duration(song, 30.0)
    _whole(child)
    assert made
    assert abs(child.seconds - 30.0) <= song.seconds / song.bars


def test_shorter_and_beyond_the_end_are_refused() -> None:
    song = finished()
    with pytest.raises(InvalidEditError, match="longer only"):
        to_duration(song, 20.0)
    with pytest.raises(InvalidEditError, match="ends with"):
        with_section_again(song, song.sections[-1].name)
    with pytest.raises(InvalidEditError, match=r"solo\.4"):
        with_section_again(song, "solo.4")
