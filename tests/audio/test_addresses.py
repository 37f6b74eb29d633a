from __future__ import annotations

from dataclasses import replace

import pytest
from tests.audio.songs import small_song

from text2song.audio.addresses import sound_version, stem_address
from text2song.audio.engine import song_frames
from text2song.audio.mix.desk import set_up
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import TempoMap


def _addresses(song: UnifiedComposition, source: str = "sines") -> dict[str, str]:
    desk = set_up(song, *song_frames(song))
    return {part.name: stem_address(part, song, desk, source) for part in song.parts}


def _changed(one: UnifiedComposition, other: UnifiedComposition) -> set[str]:
    before, after = _addresses(one), _addresses(other)
    return {name for name in before if before[name] != after.get(name)}


def _louder(song: UnifiedComposition, name: str) -> UnifiedComposition:
    parts = (
        replace(part, notes=tuple(replace(note, velocity=50) for note in part.notes)) if part.name == name else part
        for part in song.parts
    )
    return replace(song, parts=tuple(parts))


def test_the_same_song_has_the_same_addresses_and_each_stem_its_own() -> None:
    assert _addresses(small_song()) == _addresses(small_song())
    assert len(set(_addresses(small_song()).values())) == 4


@pytest.mark.parametrize("name", ["bass", "chords", "vocal"])
def test_other_notes_are_another_address_of_that_stem_alone(name: str) -> None:
    assert _changed(small_song(), _louder(small_song(), name)) == {name}


def test_other_kicks_move_the_ducked_stem_unless_the_plan_holds_the_trigger() -> None:
    song = small_song()
    kickless = replace(
        song, parts=tuple(replace(part, notes=part.notes[1:]) if part.name == "drums" else part for part in song.parts)
    )
    assert _changed(song, kickless) == {"drums", "bass"}
    held = replace(kickless, mix=replace(song.mix, trigger=song.kicks))
    assert _changed(song, held) == {"drums"}


def test_what_all_share_moves_all() -> None:
    song = small_song()
    everything = {part.name for part in song.parts}
    assert _changed(song, replace(song, tempo=TempoMap.constant(Fraction(90)))) == everything
    assert _changed(song, replace(song, mix=replace(song.mix, reverb_seconds=4.0))) == everything
    assert _changed(song, replace(song, context=replace(song.context, duration_seconds=7.5))) == everything


def test_the_masters_targets_and_why_a_note_is_there_are_not_heard_in_a_stem() -> None:
    song = small_song()
    parts = tuple(
        replace(part, notes=tuple(replace(note, why="because") for note in part.notes)) for part in song.parts
    )
    assert not _changed(song, replace(song, parts=parts, mix=replace(song.mix, lufs=-9.0, air_db=2.0)))


def test_another_source_is_another_address() -> None:
    assert not set(_addresses(small_song()).values()) & set(_addresses(small_song(), "a better bank").values())


def test_the_version_is_the_code_and_stays_in_a_process() -> None:
    assert sound_version() == sound_version()
    assert len(sound_version()) == 64
