from __future__ import annotations

from statistics import mean

import pytest
from tests.compose.elements.bands import WRITTEN, asked, band, composed
from tests.compose.elements.rhythm_rules import (
    HATS,
    SNARES,
    bar_notes,
    boundaries,
    groove_similarities,
    part_of,
    pattern,
    plays,
)

from text2song.compose.style import style_names
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction

SEEDS = range(3)


@pytest.mark.parametrize("style", style_names())
def test_neighbouring_bars_are_alike_but_not_the_same(style: str) -> None:
    alike = [value for seed in SEEDS for value in groove_similarities(band(style, seed))]
    if alike:
        assert 0.75 <= mean(alike) <= 0.97


@pytest.mark.parametrize("style", style_names())
def test_every_boundary_has_its_fill_and_its_crash(style: str) -> None:
    for seed in SEEDS:
        for filled, crashed in boundaries(band(style, seed)):
            assert filled
            assert crashed


@pytest.mark.parametrize("style", style_names())
def test_sections_of_one_group_share_the_groove(style: str) -> None:
    song = band(style, 2)
    drums = part_of(song, "drums")
    choruses = [s for s in song.sections if s.kind is SectionKind.CHORUS and s.bars >= 4 and plays(song, "drums", s)]
    if drums is not None and len(choruses) > 1:
        first, second = (pattern(song, drums, section.start_bar + 2) for section in choruses[:2])
        # The song's height may fill up the hats between; kick, snare and what was there stay.
        assert first <= second
        assert {key for _, key in second - first} <= set(HATS)


def _struck(style: str, kind: str, key: int) -> set[Fraction]:
    """Return where a key is struck in every third bar of four of a one-section song, the variations apart."""
    found: set[Fraction] = set()
    for seed in SEEDS:
        song = composed(asked(style, seed, 60, structure=(kind,)), WRITTEN)
        drums = part_of(song, "drums")
        assert drums is not None
        found |= {place for place, pitch in pattern(song, drums, 2) if pitch == key}
    return found


def test_house_is_four_on_the_floor() -> None:
    assert _struck("house", "chorus", 36) == {Fraction(beat) for beat in range(4)}
    assert _struck("house", "chorus", 39) >= {Fraction(1), Fraction(3)}


def test_rock_snares_fall_on_two_and_four() -> None:
    assert _struck("rock", "verse", 38) == {Fraction(1), Fraction(3)}


def test_reggae_keeps_its_weight_on_three() -> None:
    assert Fraction(2) in _struck("reggae", "verse", 36)


def test_jazz_rides_in_triplets_with_the_foot_on_two_and_four() -> None:
    assert Fraction(5, 3) in _struck("jazz", "verse", 51)
    assert _struck("jazz", "verse", 44) == {Fraction(1), Fraction(3)}


def test_metal_choruses_use_both_feet() -> None:
    assert len(_struck("metal", "chorus", 36)) >= 8


@pytest.mark.parametrize("style", ["rock", "lofi", "jazz", "hiphop"])
def test_ghost_notes_lie_low(style: str) -> None:
    velocities = []
    for seed in range(8):
        drums = part_of(band(style, seed), "drums")
        assert drums is not None
        velocities += [note.velocity for note in drums.notes if note.pitch in SNARES]
    ghosts = [velocity for velocity in velocities if velocity <= 52]
    assert ghosts
    assert max(velocities) - min(ghosts) > 50


def test_long_songs_end_on_one_hit() -> None:
    song = composed(asked("rock", 1, 60, structure=("verse", "chorus")), WRITTEN)
    drums = part_of(song, "drums")
    assert drums is not None
    assert {note.start % 4 for note in bar_notes(song, drums, song.bars - 1)} == {0}


def test_build_ups_roll_faster_and_louder() -> None:
    song = composed(asked("house", 1, 60, structure=("verse", "build", "drop")), WRITTEN)
    drums = part_of(song, "drums")
    assert drums is not None
    (build,) = (section for section in song.sections if section.kind is SectionKind.BUILD)
    if plays(song, "drums", build):
        first = [note for note in bar_notes(song, drums, build.start_bar) if note.pitch == 38]
        last = [note for note in bar_notes(song, drums, build.end_bar - 2) if note.pitch == 38]
        assert len(last) > len(first)
        assert mean(note.velocity for note in last) > mean(note.velocity for note in first)
