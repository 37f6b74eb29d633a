"""Who is let go, choked or struck again, and how repeats differ."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.soundfont.performance import Performance, damp_frames


def performance(*notes: PlayedNote, retrigger: bool = True) -> Performance:
    return Performance.of(notes, retrigger=retrigger)


def test_notes_become_sorted_columns_inside_midi_range() -> None:
    made = performance(PlayedNote(0.5, 1.0, 200, 0), PlayedNote(0.25, 0.5, 60, 300))
    assert made.onsets.tolist() == [0.25 * SAMPLE_RATE, 0.5 * SAMPLE_RATE]
    assert made.keys.tolist() == [60, 127]
    assert made.velocities.tolist() == [127, 1]


def test_striking_a_held_key_lets_it_go() -> None:
    notes = PlayedNote(0.0, 2.0, 60, 90), PlayedNote(0.5, 1.0, 60, 90), PlayedNote(0.1, 2.0, 64, 90)
    assert performance(*notes).held.tolist() == [0.5 * SAMPLE_RATE, 2.0 * SAMPLE_RATE, 1.0 * SAMPLE_RATE]
    assert performance(*notes, retrigger=False).held[0] == 2.0 * SAMPLE_RATE


def test_a_class_chokes_its_own_but_not_what_is_struck_together() -> None:
    made = performance(*(PlayedNote(onset, 0.1, 42, 90) for onset in (0.0, 0.0005, 1.0)), retrigger=False)
    note, exclusive = np.arange(3), np.array([1.0, 1.0, 1.0])
    damp, rate = damp_frames(made, note, exclusive, percussion=False)
    assert damp[:2] == pytest.approx([SAMPLE_RATE, 0.9995 * SAMPLE_RATE])
    assert np.isinf(damp[2])
    assert rate[0] * 0.12 * SAMPLE_RATE == pytest.approx(96)
    others, _ = damp_frames(made, note, np.array([1.0, 2.0, 3.0]), percussion=False)
    assert np.all(np.isinf(others))


def test_a_drum_struck_again_damps_softly() -> None:
    made = performance(PlayedNote(0.0, 0.1, 38, 90), PlayedNote(0.5, 0.1, 38, 90), retrigger=False)
    damp, rate = damp_frames(made, np.arange(2), np.zeros(2), percussion=True)
    assert damp[0] == 0.5 * SAMPLE_RATE
    assert rate[0] * SAMPLE_RATE < 200


def test_variation_is_small_centred_and_stable() -> None:
    notes = [PlayedNote(0.0, 1.0, 60, 90, number) for number in range(2000)]
    made, again = performance(*notes), performance(*notes)
    for column, limit in [(made.detune, 2.5), (made.level_db, 0.5), (made.brightness, 120.0)]:
        assert column[0] == 0
        assert np.abs(column).max() <= limit
        assert np.abs(column).max() > 0.95 * limit
        assert abs(column.mean()) < 0.05 * limit
    assert made.onsets[0] == 0
    assert 0.0006 < made.onsets.max() / SAMPLE_RATE < 0.0007
    assert abs(np.corrcoef(made.detune, made.level_db)[0, 1]) < 0.1
    assert np.array_equal(made.detune, again.detune)


def test_any_integer_is_a_variation() -> None:
    made = performance(*(PlayedNote(0.0, 1.0, 60, 90, number) for number in (-5, 1 << 62, 1 << 80)))
    assert np.all(np.isfinite(made.detune))
