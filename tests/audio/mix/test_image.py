from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.mix.image import place


def placed(audio: Stereo, pan: float, width: float, **more: float) -> Stereo:
    out = audio.copy()
    place(out, pan, width, **more)
    return out


def _mono() -> Stereo:
    noise = np.random.default_rng(0).standard_normal(SAMPLE_RATE).astype(np.float32) * 0.1
    return np.stack((noise, noise), axis=1)


def _wide() -> Stereo:
    return (np.random.default_rng(1).standard_normal((SAMPLE_RATE, 2)) * 0.1).astype(np.float32)


def _side(audio: Stereo) -> float:
    return float((audio[:, 0] - audio[:, 1]).std())


def test_the_centre_changes_nothing() -> None:
    assert np.allclose(placed(_wide(), 0.0, 1.0), _wide(), atol=1e-6)


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.3, 1.0])
def test_pan_keeps_the_power(pan: float) -> None:
    out = placed(_mono(), pan, 1.0)
    assert np.square(out).sum() == pytest.approx(np.square(_mono()).sum(), rel=1e-4)


def test_pan_moves_to_its_side() -> None:
    left, right = np.abs(placed(_mono(), -0.6, 1.0)).sum(axis=0)
    assert left > 2 * right
    hard = placed(_mono(), 1.0, 1.0)
    assert np.abs(hard[:, 0]).max() < 1e-6


def test_width_scales_the_side_alone() -> None:
    assert _side(placed(_wide(), 0.0, 0.0)) == pytest.approx(0.0, abs=1e-7)
    assert _side(placed(_wide(), 0.0, 2.0)) == pytest.approx(2 * _side(_wide()), rel=1e-4)


def test_spread_widens_mono_and_vanishes_in_the_mono_sum() -> None:
    out = placed(_mono(), 0.0, 1.0, spread=0.8)
    assert _side(out) > 0.1 * out.std()
    assert np.allclose(out.sum(axis=1), _mono().sum(axis=1), atol=1e-5)


def test_stereo_recordings_are_not_spread() -> None:
    assert np.allclose(placed(_wide(), 0.0, 1.0, spread=0.8), _wide(), atol=1e-6)


def test_lows_become_mono() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    low, high = (np.sin(2 * np.pi * hertz * time).astype(np.float32) for hertz in (40, 2000))
    for tone, kept in ((low, 0.15), (high, 0.95)):
        apart = np.stack((tone, -tone), axis=1)
        ratio = _side(placed(apart, 0.0, 1.0, mono_below_hz=120.0)) / _side(apart)
        assert ratio < 0.15 if kept < 0.5 else ratio > kept


def test_silence_stays_silence() -> None:
    audio = np.zeros((40_000, 2), np.float32)
    audio[:100, 0] = 0.5
    assert not placed(audio, 0.2, 1.3, mono_below_hz=120.0)[20_000:].any()
