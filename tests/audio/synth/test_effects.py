"""Amplifier, chorus and tremolo do what their figures say."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.effects import Effects, Signal, chorus, finish, saturate


def sine(hertz: float, frames: int = SAMPLE_RATE, level: float = 1.0) -> Signal:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(frames) / SAMPLE_RATE)
    return wave[None, :].astype(np.float32)


def test_saturation_adds_odd_harmonics_and_keeps_its_bounds() -> None:
    signal = sine(441.0)
    saturate(signal, 9.0, 0.0)
    assert np.abs(signal).max() <= 1 / 3
    spectrum = np.abs(np.fft.rfft(signal[0]))
    assert spectrum[3 * 441] > 0.1 * spectrum[441]
    assert spectrum[2 * 441] < 1e-4 * spectrum[441]


def test_saturation_folds_little_back() -> None:
    driven = sine(5000.0)
    naive = driven * 12 / np.sqrt(1 + (driven * 12) ** 2) / np.sqrt(12)
    saturate(driven, 12.0, 0.0)

    def aliases(signal: Signal) -> float:
        spectrum = np.abs(np.fft.rfft(signal[0] * np.hanning(signal.shape[1]))) ** 2
        hertz = np.arange(len(spectrum))
        return float(spectrum[(hertz % 5000 > 10) & (hertz % 5000 < 4990)].sum() / spectrum.sum())

    assert aliases(driven) < 0.2 * aliases(naive)


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
