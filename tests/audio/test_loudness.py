from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from text2song.audio import loudness
from text2song.audio.instrument import SAMPLE_RATE, Stereo


def _noise(seconds: int, seed: int = 0) -> Stereo:
    random = np.random.default_rng(seed)
    levels = np.repeat(random.uniform(0.01, 0.3, seconds), SAMPLE_RATE)[:, None]
    return (random.standard_normal((seconds * SAMPLE_RATE, 2)) * levels).astype(np.float32)


def _sine(hertz: float, level_db: float, seconds: float = 4.0) -> Stereo:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time)
    ramp = np.minimum(1, np.minimum(time, time[::-1]) * 50)
    return np.stack((tone * ramp, tone * ramp), axis=1).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_pyloudnorm(seed: int) -> None:
    audio = _noise(8, seed)
    theirs = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(audio)
    assert loudness.integrated_loudness(audio) == pytest.approx(theirs, abs=0.1)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_the_broadcast_reference_tone(level: float) -> None:
    # EBU Tech 3341, cases 1 and 2: a 1 kHz stereo sine of that level reads that loudness.
    assert loudness.integrated_loudness(_sine(1000.0, level, 20.0)) == pytest.approx(level, abs=0.1)


def test_quiet_stretches_are_gated_out() -> None:
    loud, quiet = _sine(1000.0, -23.0, 10.0), _sine(1000.0, -50.0, 10.0)
    both = np.concatenate((quiet, loud))
    assert loudness.integrated_loudness(both) == pytest.approx(-23.0, abs=0.2)


def test_range_of_two_levels() -> None:
    # EBU Tech 3342, case 1: 20 s at −20 and 20 s at −30 dB is a range of 10 LU.
    both = np.concatenate((_sine(1000.0, -20.0, 20.0), _sine(1000.0, -30.0, 20.0)))
    assert loudness.measure(both).range == pytest.approx(10.0, abs=1.0)


def test_true_peak_between_the_samples() -> None:
    # A quarter of the sample rate at 45 degrees: the samples reach only 0.707 of the wave.
    time = np.arange(SAMPLE_RATE)
    tone = 0.5 * np.sin(np.pi / 2 * time + np.pi / 4) * np.minimum(1, np.minimum(time, time[::-1]) / 4000)
    audio = np.stack((tone, tone), axis=1).astype(np.float32)
    assert loudness.true_peak(audio) == pytest.approx(20 * np.log10(0.5), abs=0.02)


def test_true_peak_agrees_with_resampling() -> None:
    audio = _noise(3)
    theirs = 20 * np.log10(np.abs(resample_poly(audio, 4, 1, axis=0)).max())
    assert loudness.true_peak(audio) == pytest.approx(theirs, abs=0.3)


@pytest.mark.parametrize("frames", [0, 1, 1000, SAMPLE_RATE])
def test_silence_and_shortness(frames: int) -> None:
    figures = loudness.measure(np.zeros((frames, 2), np.float32))
    assert figures.integrated == loudness.SILENCE
    assert figures.true_peak_dbtp == loudness.SILENCE
    assert figures.range == 0.0
    assert figures.crest_db == 0.0


def test_crest_of_a_sine() -> None:
    assert loudness.crest(_sine(1000.0, -6.0, 20.0)) == pytest.approx(3.01, abs=0.1)
