from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.mix.automation import STEP, turn, voice_curve, widen, width_curve
from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction

_FRAMES = 8 * SAMPLE_RATE


def _noise() -> Stereo:
    return (np.random.default_rng(0).standard_normal((_FRAMES, 2)) * 0.1).astype(np.float32)


def _sung(*spans: tuple[int, int]) -> UnifiedComposition:
    song = small_song()
    return replace(song, mix=replace(song.mix, sung=tuple((Fraction(start), Fraction(end)) for start, end in spans)))


def test_choruses_stand_wider_than_verses() -> None:
    song = small_song()
    curve = width_curve(replace(song, mix=replace(song.mix, chorus_width=1.5)), _FRAMES)
    # The verse lasts two bars of two seconds.
    middle = 4 * SAMPLE_RATE // STEP
    assert np.allclose(curve[: middle - 20], 1.0, atol=1e-6)
    assert np.allclose(curve[middle + 20 :], 1.5, atol=1e-6)
    assert np.all(np.diff(curve) > -1e-6)


def test_a_song_without_sections_keeps_its_width() -> None:
    assert np.all(width_curve(replace(small_song(), sections=()), 1000) == 1.0)


def test_music_steps_back_for_the_voice_and_comes_again() -> None:
    curve = voice_curve(_sung((4, 8)), _FRAMES)
    assert curve is not None
    at = {second: float(curve[int(second * SAMPLE_RATE / STEP)]) for second in (1.9, 2.3, 3.9, 5.0)}
    assert at[1.9] == 0.0
    assert at[2.3] > 0.98
    assert at[3.9] > 0.99
    assert at[5.0] < 0.02


def test_without_singing_nothing_steps_back() -> None:
    assert voice_curve(_sung(), _FRAMES) is None


@pytest.mark.parametrize("decibels", [-6.0, 3.0])
def test_a_level_curve_moves_the_level(decibels: float) -> None:
    moved = _noise()
    turn(moved, np.full(_FRAMES // STEP + 2, decibels, np.float32))
    assert np.allclose(moved, _noise() * 10 ** (decibels / 20), rtol=1e-4, atol=1e-7)


def test_moves_have_no_steps() -> None:
    moved = np.ones((_FRAMES, 2), np.float32)
    turn(moved, np.linspace(0, -12, _FRAMES // STEP + 2, dtype=np.float32))
    assert np.abs(np.diff(moved[:, 0])).max() < 3e-5


def test_width_leaves_the_middle_alone() -> None:
    wide = _noise()
    widen(wide, np.full(_FRAMES // STEP + 2, 2.0, np.float32))
    assert np.allclose(wide.sum(axis=1), _noise().sum(axis=1), atol=1e-6)
    side, before = wide[:, 0] - wide[:, 1], _noise()[:, 0] - _noise()[:, 1]
    assert np.allclose(side, 2 * before, atol=1e-6)
