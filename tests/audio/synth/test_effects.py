"""Amplifier, chorus and tremolo do what their figures say."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.effects import Effects, Signal, chorus, finish


def sine(hertz: float, frames: int = SAMPLE_RATE, level: float = 1.0) -> Signal:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(frames) / SAMPLE_RATE)
    return wave[None, :].astype(np.float32)


def test_bias_leaves_no_offset() -> None:
    result = finish(sine(220.0), Effects(drive=4.0, bias=0.4))
    assert abs(float(result[4000:].mean())) < 1e-3


def test_chorus_widens_and_starts_in_time() -> None:
    result = chorus(sine(300.0), 0.8, 2.0, 0.7)
    assert result.shape == (2, SAMPLE_RATE)
    assert float(np.std(result[0] - result[1])) > 0.05
    assert np.abs(np.diff(result)).max() < 0.09


def test_tremolo_swings_left_against_right() -> None:
    result = finish(
        np.ones((1, SAMPLE_RATE), dtype=np.float32), Effects(tremolo_hz=2.0, tremolo_depth=0.4, tremolo_spread=1.0)
    )
    assert result.min() == pytest.approx(0.6, abs=0.01)
    assert result.max() == pytest.approx(1.0, abs=0.01)
    assert np.corrcoef(result[:, 0], result[:, 1])[0, 1] < -0.99


def test_one_channel_is_played_on_both_sides() -> None:
    result = finish(sine(100.0, 1000), Effects(level=0.5))
    assert result.dtype == np.float32
    assert np.array_equal(result[:, 0], result[:, 1])
    assert np.abs(result).max() <= 0.5
