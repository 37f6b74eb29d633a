"""Tests of rides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr
from tests.audio.songs import small_song

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.mix.ride import Hand, Targets, bar_gains, fading_frames, ride_stem, targets_of

HAND = Hand(span_db=9.0, most_db=6.0, share=1.0)


def _targets(energy: list[float], seconds: float = 2.0) -> Targets:
    edges = np.round(np.arange(len(energy) + 1) * seconds * SAMPLE_RATE).astype(np.int64)
    return Targets(edges, np.asarray(energy))


def _noise(seconds: float, level: float = 0.1) -> Stereo:
    return (level * np.random.default_rng(3).standard_normal((round(seconds * SAMPLE_RATE), 2))).astype(np.float32)


def test_a_song_without_bars_to_follow_has_no_targets() -> None:
    assert targets_of(replace(small_song(), energy=())) is None


def test_targets_lie_on_the_bars() -> None:
    song = small_song()
    energy = tuple(0.1 * bar for bar in range(song.bars))
    found = targets_of(replace(song, energy=energy))
    assert found is not None
    assert tuple(found.energy) == energy
    assert found.edges[0] == 0
    assert found.edges[-1] == round(song.seconds * SAMPLE_RATE)
    assert np.all(np.diff(found.edges) > 0)


def test_an_even_sound_takes_the_shape_of_the_energy() -> None:
    energy = [0.2, 0.2, 0.2, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 0.3, 0.3, 0.3]
    targets, ridden = _targets(energy), _noise(24.0)
    ride_stem(ridden, targets, HAND)
    assert ridden.dtype == np.float32
    powers = [float(np.mean(ridden[a:b] ** 2)) for a, b in zip(targets.edges[:-1], targets.edges[1:], strict=True)]
    assert spearmanr(energy, powers).statistic > 0.9
    middle = [10 * np.log10(powers[bar]) for bar in (1, 7)]
    assert middle[1] - middle[0] == pytest.approx(9.0 * 0.8, abs=1.0)


def test_the_hand_moves_slowly_and_not_too_far() -> None:
    targets = _targets([0.0, 1.0] * 12)
    sound = np.ones((48 * SAMPLE_RATE, 2), np.float32)
    ride_stem(sound, targets, HAND)
    gains = 20 * np.log10(sound[:, 0])
    assert np.abs(gains).max() <= HAND.most_db + 1e-4
    assert np.abs(np.diff(gains[:: SAMPLE_RATE // 10])).max() < 1.0


def test_what_already_follows_is_left_alone() -> None:
    energy = np.asarray([0.1, 0.4, 0.9, 0.6, 0.3, 0.1])
    powers = 10 ** (9.0 * energy / 10)
    assert np.abs(bar_gains(powers, _targets(list(energy)), HAND)).max() < 1e-9


def test_rests_ask_for_nothing() -> None:
    energy = [0.5] * 8
    powers = np.asarray([1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    assert np.abs(bar_gains(powers, _targets(energy), HAND)).max() < 1e-9
    assert not bar_gains(np.zeros(8), _targets(energy), HAND).any()


def test_a_narrow_curve_has_contrast() -> None:
    energy = [0.5] * 6 + [0.6] * 6
    gains = bar_gains(np.ones(12), _targets(energy), HAND)
    assert 1.5 <= gains[-1] - gains[0] <= 1.9


def test_silence_stays_silent() -> None:
    sound = np.zeros((8 * SAMPLE_RATE, 2), np.float32)
    ride_stem(sound, _targets([0.1, 0.9, 0.2, 0.8]), HAND)
    assert not sound.any()


def test_what_fades_is_not_ridden() -> None:
    song = replace(small_song(), energy=(0.2, 0.4, 0.6, 0.9))
    fading = replace(song, mix=replace(song.mix, fade_beats=song.time_signature.bar))
    found = targets_of(fading)
    assert found is not None
    assert tuple(found.energy) == song.energy[:3]
    assert fading_frames(fading) == round(song.tempo.seconds(song.time_signature.bar) * SAMPLE_RATE)
    assert fading_frames(song) == 0
    assert targets_of(replace(song, mix=replace(song.mix, fade_beats=song.length))) is None
