from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.energies import in_mood, replayed, with_energy
from text2song.compose.edits.targets import Cell, notes_in
from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.errors import InvalidError
from text2song.domain.request import CompositionRequest, GenreWeight

NOTHING: frozenset[Cell] = frozenset()


def _force(song: UnifiedComposition, section: str) -> float:
    notes = [note for part in song.parts for note in notes_in(song, part, section)]
    return sum(note.velocity for note in notes)


def test_a_louder_section_is_played_harder_and_the_others_stay() -> None:
    song = finished()
    name = min(song.sections, key=lambda section: section.energy).name
    child = with_energy(song, Edit(section_energy={name: 0.95}), NOTHING)
    found = {section.name: section.energy for section in child.sections}
    assert found[name] == pytest.approx(0.95, abs=0.02)
    assert _force(child, name) > 1.2 * _force(song, name)
    for one, two in zip(song.parts, child.parts, strict=True):
        for section in song.sections:
            if section.name != name:
                assert notes_in(song, one, section.name) == notes_in(child, two, section.name)


def test_a_curve_is_followed_bar_by_bar() -> None:
    song = finished()
    child = with_energy(song, Edit(energy=(0.1, 0.9)), NOTHING)
    assert len(child.energy) == song.bars
    assert list(child.energy) == sorted(child.energy)
    assert child.context.energy == (0.1, 0.9)


def test_locked_parts_are_not_re_arranged() -> None:
    song = finished()
    locked = frozenset(Cell(section.name, "drums") for section in song.sections)
    child = with_energy(song, Edit(energy=(0.15,)), locked)
    assert child.part("drums") == song.part("drums")
    assert child.part("bass") != song.part("bass")


def test_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidEditError, match=r"verse\.9"):
        with_energy(finished(), Edit(section_energy={"verse.9": 0.5}), NOTHING)


def test_an_excited_mood_is_busier_and_brighter_than_a_calm_one() -> None:
    song = finished()
    calm, wild = in_mood(song, ["peaceful"], NOTHING), in_mood(song, ["euphoric"], NOTHING)
    assert sum(wild.energy) > sum(calm.energy)
    assert wild.mix.air_db > in_mood(song, ["sad"], NOTHING).mix.air_db
    assert wild.context.moods == ("euphoric",)
    assert wild.context.key == song.context.key
    with pytest.raises(InvalidError, match="flabbergasted"):
        in_mood(song, ["flabbergasted"], NOTHING)


def test_nothing_changes_when_nothing_did() -> None:
    song = finished()
    again = replayed(song, [section.name for section in song.sections], NOTHING)
    assert again.parts == song.parts


def test_a_player_who_would_be_silent_in_the_whole_song_plays_on() -> None:
    request = CompositionRequest(
        "dark and slow",
        seed=907420,
        duration_seconds=47,
        time_signature="6/8",
        genres=(GenreWeight("salsa"),),
        structure=("chorus",),
        energy=(1.0, 1.0),
        vocals=True,
    )
    child = with_energy(compose(request), Edit(section_energy={"chorus.1": 0.03}), NOTHING)
    assert all(part.notes for part in child.parts)
