"""Generators turned into frames, steps, gains and cutoffs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.audio.soundfont.builder import SAMPLE, Zone, font, simple, tone

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.soundfont.samples import Cut
from text2song.audio.soundfont.voices import Tuning, plan_voices

NOTE = PlayedNote(0.5, 1.0, 60, 127)


def plan(
    folder: Path, *zones: Zone, notes: tuple[PlayedNote, ...] = (NOTE,), percussion: bool = False
) -> list[tuple[Cut, NDArray[np.void]]]:
    opened = font(folder, simple(*zones, samples=[tone(), tone()]))
    regions = opened.regions(0, 0)
    rates, roots, corrections = (np.array(column, np.float64) for column in opened.sample_tuning(regions))
    return plan_voices(notes, regions, Tuning(rates, roots, corrections), percussion=percussion)


def one(folder: Path, *generators: tuple[int, int], note: PlayedNote = NOTE) -> NDArray[np.void]:
    ((_, voices),) = plan(folder, Zone((*generators, (SAMPLE, 0))), notes=(note,))
    return voices


def test_times_are_timecents(tmp_path: Path) -> None:
    made = one(tmp_path, (33, -1200), (34, 0), (35, 1200), (36, 1200), (37, 300), (38, 0))
    assert made["onset"][0] == SAMPLE_RATE
    assert made["held"][0] == SAMPLE_RATE / 2
    assert made["attack"][0] == SAMPLE_RATE
    assert made["hold"][0] == 2 * SAMPLE_RATE
    assert made["decay_rate"][0] == pytest.approx(96 / (2 * SAMPLE_RATE))
    assert made["sustain_db"][0] == 30
    assert made["release_rate"][0] == pytest.approx(96 / SAMPLE_RATE)


def test_high_keys_decay_faster(tmp_path: Path) -> None:
    made = one(tmp_path, (36, 0), (40, 100), (35, 0), (39, 50), note=PlayedNote(0.0, 1.0, 72, 127))
    assert made["decay_rate"][0] == pytest.approx(2 * 96 / SAMPLE_RATE)
    assert made["hold"][0] == pytest.approx(SAMPLE_RATE * 2 ** (-600 / 1200))


# Fully open at 127, an octave and a half above middle C (6,000 cents) at 0, straight between.
@pytest.mark.parametrize(("velocity", "cents"), [(127, 13_500), (1, 13_500 - (13_500 - 7_800) * 126 / 127)])
def test_soft_notes_are_darker(tmp_path: Path, velocity: int, cents: float) -> None:
    made = one(tmp_path, note=PlayedNote(0.0, 1.0, 60, velocity))
    assert made["cutoff"][0] == pytest.approx(cents, abs=5)
    assert made["filtered"][0] == (velocity < 127)


@pytest.mark.parametrize("velocity", [20, 64, 100])
def test_level_follows_velocity_and_attenuation(tmp_path: Path, velocity: int) -> None:
    loud, soft = one(tmp_path), one(tmp_path, (48, 100), note=PlayedNote(0.0, 1.0, 60, velocity))
    expected = 40 * np.log10(velocity / 127) - 4
    assert 20 * np.log10(soft["left"][0] / loud["left"][0]) == pytest.approx(expected, abs=0.01)


def test_voices_are_grouped_by_what_they_read(tmp_path: Path) -> None:
    zones = [Zone(((SAMPLE, 0),)), Zone(((0, 50), (SAMPLE, 1))), Zone(((17, 100), (SAMPLE, 0)))]
    groups = plan(tmp_path, *zones, notes=(NOTE, PlayedNote(0.0, 1.0, 64, 80)))
    assert [(cut, len(voices)) for cut, voices in groups] == [(Cut(0), 4), (Cut(1, start=50), 2)]
    assert groups[0][1]["onset"].tolist() == sorted(groups[0][1]["onset"].tolist())


def test_one_shots_of_a_kit_ignore_the_key(tmp_path: Path) -> None:
    held = [plan(tmp_path, Zone(((54, mode), (SAMPLE, 0))), percussion=True)[0][1]["held"][0] for mode in (0, 1)]
    assert held == [np.inf, SAMPLE_RATE]


def test_layers_of_one_note_are_bounded(tmp_path: Path) -> None:
    groups = plan(tmp_path, *[Zone(((SAMPLE, 0),))] * 200, notes=(NOTE, NOTE))
    assert sum(len(voices) for _, voices in groups) == 128


def test_fast_reading_takes_wide_weights(tmp_path: Path) -> None:
    steps = {pitch: one(tmp_path, note=PlayedNote(0.0, 1.0, pitch, 127)) for pitch in (48, 60, 72, 127)}
    assert [int(made["wide"][0]) for made in steps.values()] == [-1, -1, 2, 9]
    assert steps[127]["step"][0] == 16


def test_an_instrument_plays_on_beyond_its_written_range(tmp_path: Path) -> None:
    zones = [Zone(((43, 50 | 60 << 8), (SAMPLE, 0))), Zone(((43, 64 | 70 << 8), (SAMPLE, 1)))]
    notes = tuple(PlayedNote(0.1 * n, 1.0, pitch, 127) for n, pitch in enumerate((40, 61, 63, 90)))
    low, high = (voices["step"].tolist() for _, voices in plan(tmp_path, *zones, notes=notes))
    assert low == pytest.approx([2 ** ((pitch - 60) / 12) for pitch in (40, 61)])
    assert high == pytest.approx([2 ** ((pitch - 60) / 12) for pitch in (63, 90)])
    assert not plan(tmp_path, *zones, notes=notes, percussion=True)
