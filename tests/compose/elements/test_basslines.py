from __future__ import annotations

import pytest
from tests.compose.elements.bands import PLAN, asked, composed

from text2song.compose.decisions import Decisions
from text2song.compose.elements.basslines import Register, approach, place, walked
from text2song.compose.elements.changes import Changes
from text2song.domain.rational import Fraction
from text2song.domain.theory import Key

BASS = Register(28, 50)


@pytest.mark.parametrize("pitch_class", range(12))
def test_roots_lie_in_the_lowest_octave(pitch_class: int) -> None:
    assert place(pitch_class, BASS) % 12 == pitch_class
    assert 28 <= place(pitch_class, BASS) < 40


def test_a_tone_above_the_root_folds_down_where_it_does_not_fit() -> None:
    assert place(7, BASS, above=36) == 43
    assert place(4, Register(28, 45), above=43) == 40


def test_approaches_come_from_the_scale_unless_chromatic() -> None:
    assert approach(36, Key(0), BASS) == 35
    assert approach(33, Key(0), BASS) == 31
    assert approach(33, Key(0), BASS, chromatic=True) == 32
    assert approach(28, Key(0), BASS, chromatic=True) == 29


@pytest.mark.parametrize("metre", ["4/4", "3/4", "5/4", "6/8"])
def test_walking_has_a_note_per_beat_and_leads_by_semitone(metre: str) -> None:
    song = composed(asked("jazz", 3, 40, metre=metre), PLAN)
    changes, decisions = Changes(song), Decisions(3)
    beats = int(song.time_signature.bar / song.time_signature.pulse)
    for bar in range(song.bars):
        start = bar * song.time_signature.bar
        notes = walked(changes, start, song.time_signature, BASS, decisions, f"test/{bar}")
        assert [note.start - start for note in notes] == [beat * song.time_signature.pulse for beat in range(beats)]
        assert all(BASS.holds(note.pitch) for note in notes)
        assert notes[0].pitch % 12 == changes.at(start).chord.bass_pitch_class
        after = changes.at(start + song.time_signature.bar)
        last = changes.at(notes[-1].start)
        if after is not last and last.start < notes[-1].start:
            assert abs(notes[-1].pitch - place(after.chord.bass_pitch_class, BASS)) == 1
    assert Fraction(song.bars) > 4
