from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.band import joined, without
from text2song.compose.edits.targets import Cell, notes_in
from text2song.domain.context import Vocals
from text2song.domain.edits import InvalidEditError
from text2song.domain.errors import InvalidError

NOTHING: frozenset[Cell] = frozenset()


def test_a_part_leaves_and_the_others_are_the_same_objects() -> None:
    song = finished()
    child = without(song, ("drums",), NOTHING)
    assert "drums" not in {part.name for part in child.parts}
    assert all(any(part is other for other in song.parts) for part in child.parts)
    assert child.mix == song.mix


def test_a_part_is_silent_in_one_section() -> None:
    song = finished()
    child = without(song, ("chorus.1/bass",), NOTHING)
    assert not notes_in(child, child.part("bass"), "chorus.1")
    assert notes_in(child, child.part("bass"), "outro.1") == notes_in(song, song.part("bass"), "outro.1")


def test_without_its_singer_a_song_is_instrumental() -> None:
    child = without(finished(sung=True), ("vocal",), NOTHING)
    assert child.lyrics is None
    assert child.context.vocals is Vocals.INSTRUMENTAL


def test_nothing_left_or_locked_is_refused() -> None:
    song = finished()
    with pytest.raises(InvalidEditError, match="nothing would be left"):
        without(song, tuple(part.name for part in song.parts), NOTHING)
    with pytest.raises(InvalidEditError, match="locked"):
        without(song, ("chorus.1/bass",), frozenset({Cell("chorus.1", "bass")}))


@pytest.mark.parametrize(
    ("wish", "instrument"), [("pad=strings", "strings"), ("counter=cello", "cello"), ("arpeggio", "")]
)
def test_a_player_joins_and_the_others_stay(wish: str, instrument: str) -> None:
    song = finished()
    child = joined(song, (wish,), 9)
    fresh = child.parts[-1]
    assert fresh.notes
    assert fresh.name not in {part.name for part in song.parts}
    assert not instrument or fresh.instrument == instrument
    assert child.parts[:-1] == song.parts
    assert child.mix.channels[:-1] == song.mix.channels
    assert child.mix.channels[-1].part == fresh.name
    assert joined(song, (wish,), 9) == child


@pytest.mark.parametrize("wish", ["orchestra", "bass", "pad=drum kit", "drums=piano", "pad=kazoo of doom"])
def test_who_cannot_join_is_refused(wish: str) -> None:
    with pytest.raises(InvalidError):
        joined(finished(), (wish,), 9)
