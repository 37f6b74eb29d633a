"""Notes become rows, chords stay chords, melodies join."""

from __future__ import annotations

from text2song.audio.instrument import PlayedNote
from text2song.audio.synth.performance import FROM_PITCH, HELD, ONSET, PITCH, RELEASE, VELOCITY, note_rows


def test_rows_are_in_time_order_and_end_with_the_stem() -> None:
    rows = note_rows([PlayedNote(1.0, 0.5, 60, 127), PlayedNote(0.0, 0.25, 62, 64), PlayedNote(3.0, 1, 64, 90)], 88_200)
    assert rows[:, PITCH].tolist() == [62, 60]
    assert rows[:, ONSET].tolist() == [0, 44_100]
    assert rows[0, HELD] == 11_025
    assert rows[1, VELOCITY] == 1.0


def test_a_single_voice_hands_over_and_glides() -> None:
    notes = [PlayedNote(0.0, 1.0, 40, 90), PlayedNote(0.5, 0.4, 47, 90), PlayedNote(2.0, 0.4, 43, 90)]
    rows = note_rows(notes, 200_000, mono=True)
    assert rows[0, HELD] == 22_050
    assert rows[0, RELEASE] < 1
    assert rows[1, FROM_PITCH] == 40
    # After a rest the note starts at its own pitch, and the one before rings out.
    assert rows[2, FROM_PITCH] == 43
    assert rows[1, RELEASE] == 1


def test_a_single_voice_still_plays_chords() -> None:
    rows = note_rows(
        [PlayedNote(0.0, 1.0, p, 90) for p in (60, 64, 67)] + [PlayedNote(1.0, 1.0, 62, 90)], 200_000, mono=True
    )
    assert rows[:3, HELD].tolist() == [44_100] * 3
    assert rows[3, FROM_PITCH] != rows[3, PITCH]
