"""Tests of the master's fader."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import spearmanr
from tests.audio.songs import small_song

from text2song.audio.gain import STEP, points, sweep
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.levelling import MOST_DB, SLEW_DB, Levels, fader_gains, levels_of, moved, wanted_powers
from text2song.audio.loudness import hop_energies


def _levels(energy: list[float], seconds: float = 2.0, sections: tuple[int, ...] = ()) -> Levels:
    edges = np.round(np.arange(len(energy) + 1) * seconds * SAMPLE_RATE).astype(np.int64)
    return Levels(edges, wanted_powers(np.asarray(energy)), sections)


def _noise(levels: Levels, decibels: list[float]) -> Stereo:
    """White noise, each bar at its level over −30 dB, and a second of ring-out."""
    random = np.random.default_rng(7)
    bars = [
        10 ** ((level - 30) / 20) * random.standard_normal((int(last - first), 2))
        for (first, last), level in zip(pairwise(levels.edges), decibels, strict=True)
    ]
    return np.concatenate((*bars, 0.001 * random.standard_normal((SAMPLE_RATE, 2)))).astype(np.float32)


def _ridden(audio: Stereo, levels: Levels, rounds: int = 4) -> np.ndarray:
    """Close the loop, with nothing after the fader, and return where the fader stands."""
    fader = np.zeros(levels.powers.size)
    for _ in range(rounds):
        fresh = moved(fader, hop_energies(audio), levels)
        sweep(audio, fader_gains(levels, fresh - fader, STEP, points(audio.shape[0])))
        fader = fresh
    return fader


def _powers(audio: Stereo, levels: Levels, bars: list[int]) -> list[float]:
    return [float(np.mean(audio[levels.edges[a] : levels.edges[b]] ** 2)) for a, b in pairwise(bars)]


def test_a_song_without_bars_to_follow_has_no_levels() -> None:
    song = small_song()
    assert levels_of(replace(song, energy=())) is None
    assert levels_of(replace(small_song(1), energy=(0.5,))) is None


def test_levels_lie_on_the_bars_and_know_the_sections() -> None:
    song = small_song()
    found = levels_of(replace(song, energy=(0.1, 0.3, 0.3, 0.9)))
    assert found is not None
    assert found.edges[0] == 0
    assert found.edges[-1] == round(song.seconds * SAMPLE_RATE)
    assert found.sections == (0, 2)
    assert found.powers[1] == found.powers[2]


def test_powers_are_a_straight_line_of_energy() -> None:
    energy = np.asarray([0.1, 1.0, 0.4, 0.7, 0.4])
    powers = wanted_powers(energy)
    assert np.allclose(np.diff(powers[[0, 2, 3, 1]]), powers[2] - powers[0])
    assert 8.0 <= 10 * np.log10(powers[1] / powers[0]) <= 12.0
    # Whatever is taken together, its mean power depends on its mean energy alone.
    assert np.isclose(powers[[1, 2]].mean(), powers[3])


def test_a_curve_that_does_not_move_wants_one_loudness() -> None:
    assert np.array_equal(wanted_powers(np.full(6, 0.7)), np.ones(6))
    assert np.array_equal(wanted_powers(np.zeros(3)), np.ones(3))


def test_a_narrow_curve_is_heard_without_jumping() -> None:
    quiet, loud = wanted_powers(np.asarray([0.5, 0.6]))
    assert 1.5 <= 10 * np.log10(loud / quiet) <= 2.5


@pytest.mark.parametrize("seed", range(6))
def test_sections_and_windows_rank_as_their_energy_whatever_was_played(seed: int) -> None:
    draw = np.random.default_rng(seed)
    points = draw.uniform(0.05, 1.0, 6)
    energy = np.interp(np.linspace(0, 5, 32), np.arange(6), points)
    starts = (0, 4, 12, 16, 24)
    levels = _levels(list(energy), sections=starts)
    played = np.repeat(draw.uniform(-4, 4, 8), 4) + draw.uniform(-1, 1, 32)
    audio = _noise(levels, list(played))
    _ridden(audio, levels)
    for edges, floor in (([*starts, 32], 1.0), (list(range(0, 33, 2)), 0.95)):
        asked = [float(energy[a:b].mean()) for a, b in pairwise(edges)]
        assert spearmanr(asked, _powers(audio, levels, edges)).statistic >= floor - 1e-9


def test_equal_targets_become_equally_loud_and_near_ones_stay_apart() -> None:
    energy = [0.5] * 8 + [0.5] * 8 + [0.52] * 8 + [0.9] * 8
    levels = _levels(energy, sections=(0, 8, 16, 24))
    audio = _noise(levels, [3.0] * 8 + [-3.0] * 8 + [-2.0] * 8 + [0.0] * 8)
    _ridden(audio, levels)
    first, second, near, loud = (10 * np.log10(power) for power in _powers(audio, levels, [0, 8, 16, 24, 32]))
    assert first == pytest.approx(second, abs=0.05)
    wanted = 10 * np.log10(levels.powers)
    assert near - first == pytest.approx(wanted[16] - wanted[0], abs=0.1)
    assert loud - near == pytest.approx(wanted[24] - wanted[16], abs=0.2)


def test_the_fader_is_bounded_and_never_fast() -> None:
    levels = _levels([0.05] * 4 + [1.0] * 4 + [0.05] * 4 + [1.0] * 4, seconds=1.0)
    audio = _noise(levels, [10.0] * 4 + [-10.0] * 4 + [10.0] * 4 + [-10.0] * 4)
    before = audio.copy()
    fader = _ridden(audio, levels, rounds=8)
    assert np.abs(fader).max() <= MOST_DB + 1e-9
    at = np.arange(0, 16 * SAMPLE_RATE, SAMPLE_RATE // 20)
    gains = 20 * np.log10(np.abs(audio[at, 0] / before[at, 0]))
    assert np.abs(np.diff(gains)).max() <= SLEW_DB / 20 * 1.02


def test_beats_and_bars_that_take_turns_are_left_alone() -> None:
    levels = _levels([0.5] * 16)
    audio = _noise(levels, [0.0, -3.0] * 8)
    assert np.ptp(_ridden(audio, levels)[2:-2]) < 0.3


def test_what_already_follows_is_left_alone() -> None:
    energy = [0.2] * 6 + [0.9] * 6
    levels = _levels(energy, sections=(0, 6))
    audio = _noise(levels, list(10 * np.log10(levels.powers)))
    assert np.abs(_ridden(audio, levels, rounds=1)).max() < 0.1


def test_rests_ask_for_nothing() -> None:
    levels = _levels([0.5] * 12, sections=(0, 4, 8))
    audio = _noise(levels, [0.0] * 4 + [-90.0] * 4 + [0.0] * 4)
    assert np.abs(_ridden(audio, levels)).max() < 0.2


def test_silence_stays_silent_and_moves_nothing() -> None:
    levels = _levels([0.1, 0.9, 0.2, 0.8], sections=(0, 2))
    audio = np.zeros((8 * SAMPLE_RATE, 2), np.float32)
    assert not _ridden(audio, levels).any()
    assert not audio.any()


@pytest.mark.parametrize("frames", [1, 63, 64, 65, 4410, 3 * SAMPLE_RATE])
def test_songs_of_any_length_pass(frames: int) -> None:
    levels = Levels(np.asarray([0, frames // 2, frames]), wanted_powers(np.asarray([0.2, 0.9])), (0, 1))
    audio = np.full((frames, 2), 0.1, np.float32)
    fader = _ridden(audio, levels)
    assert np.isfinite(audio).all()
    assert np.isfinite(fader).all()
    assert np.abs(np.diff(fader)).max() <= SLEW_DB * frames / 2 / SAMPLE_RATE + 1e-9


def test_sound_that_ends_before_its_bars_passes() -> None:
    levels = _levels([0.2, 0.4, 0.9, 0.9])
    audio = _noise(levels, [0.0] * 4)[: 3 * SAMPLE_RATE]
    assert np.isfinite(_ridden(audio, levels)).all()


@pytest.mark.parametrize("each", [15, 45])
def test_the_fader_is_straight_in_decibels_between_the_middles_of_bars(each: int) -> None:
    levels = _levels([0.2, 0.9, 0.5])
    found = 20 * np.log10(fader_gains(levels, np.asarray([-3.0, 2.0, 0.0]), each, 6 * SAMPLE_RATE // each))
    at = np.arange(found.size) * each / SAMPLE_RATE
    assert np.allclose(found, np.interp(at, [1.0, 3.0, 5.0], [-3.0, 2.0, 0.0]), atol=0.02)


def test_what_fades_is_not_brought_back() -> None:
    song = replace(small_song(), energy=(0.2, 0.4, 0.6, 0.9))
    found = levels_of(replace(song, mix=replace(song.mix, fade_beats=song.time_signature.bar * 2)))
    assert found is not None
    assert found.powers.size == 2
    assert found.edges.size == 3
    assert levels_of(replace(song, mix=replace(song.mix, fade_beats=song.length))) is None
