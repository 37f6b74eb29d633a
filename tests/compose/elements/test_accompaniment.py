from __future__ import annotations

from statistics import mean

import pytest
from tests.compose.elements.bands import WRITTEN, asked, band, composed
from tests.compose.elements.rhythm_rules import energy_rank, part_of, voice_moves

from text2song.compose.elements.changes import Changes
from text2song.compose.style import style_names
from text2song.domain.instruments import catalogue
from text2song.domain.score import Role

SEEDS = range(3)
HARMONIC = (Role.CHORDS, Role.PAD, Role.ARPEGGIO)


@pytest.mark.parametrize("style", style_names())
def test_harmony_parts_play_the_chord_of_the_moment(style: str) -> None:
    for seed in SEEDS:
        song = band(style, seed)
        changes = Changes(song)
        for part in song.parts:
            if part.role in HARMONIC:
                fits = []
                for note in part.notes:
                    chord = changes.at(note.start).chord
                    # Power chords leave the third out and add a pure fifth.
                    allowed = {*chord.pitch_classes, (chord.root + 7) % 12}
                    fits.append(note.pitch % 12 in allowed)
                assert mean(fits) == 1.0, part.name


@pytest.mark.parametrize("style", style_names())
def test_held_chords_move_little(style: str) -> None:
    moves = []
    for seed in range(6):
        for part in band(style, seed).parts:
            if part.role is Role.PAD and part.notes and part.notes[0].why.endswith("held pad"):
                moves += voice_moves(part.notes)
    assert moves
    assert mean(moves) <= 3.0
    assert mean(move <= 3 for move in moves) >= 0.8


def test_energy_shows_in_the_notes() -> None:
    ranks = [energy_rank(band(style, seed)) for style in style_names() for seed in SEEDS]
    assert mean(ranks) >= 0.8
    assert min(ranks) >= 0.5


@pytest.mark.parametrize("name", sorted(info.id for info in catalogue().values() if info.family != "drums"))
def test_every_instrument_has_an_idiom_in_any_role(name: str) -> None:
    song = composed(asked("pop", 5, 30, instruments=(name,)), WRITTEN)
    parts = [part for part in song.parts if part.instrument == name]
    assert name == "voice_lead" or len(parts) == 1
    assert all(part.notes for part in parts)


def test_guitars_are_strummed_string_by_string() -> None:
    for seed in range(20):
        song = composed(asked("folk", seed, 40), WRITTEN)
        chords = part_of(song, "chords")
        assert chords is not None
        if chords.notes[0].why.endswith("strum"):
            together = [note for note in chords.notes if note.start == chords.notes[0].start]
            nudges = [note.nudge_us for note in sorted(together, key=lambda note: note.pitch)]
            assert nudges == sorted(nudges)
            assert 0 < nudges[-1] <= 32_000
            return
    pytest.fail("no song was strummed")
