from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from text2song.audio.dynamics import (
    Compression,
    Gains,
    block_peaks,
    compress,
    compression_curve,
    hold_peaks,
    limiter_gains,
)
from text2song.audio.gain import STEP, sweep
from text2song.audio.instrument import SAMPLE_RATE, Stereo

_SETTINGS = Compression(-20.0, 4.0, attack_seconds=0.005, release_seconds=0.1)


def _tone(level_db: float) -> Stereo:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = 10 ** (level_db / 20) * np.sin(2 * np.pi * 2000 * time)
    return np.stack((tone, tone), axis=1).astype(np.float32)


def _compressed(audio: Stereo, settings: Compression) -> Stereo:
    out = audio.copy()
    compress(out, settings)
    return out


def _late_level(audio: Stereo) -> float:
    return float(20 * np.log10(np.abs(audio[SAMPLE_RATE // 2 :]).max()))


def test_a_loud_tone_is_turned_down_by_the_ratio() -> None:
    # 16 dB over a 4:1 threshold leaves 4 dB over it.
    assert _late_level(_compressed(_tone(-4.0), _SETTINGS)) == pytest.approx(-16.0, abs=0.7)


def test_a_quiet_tone_passes() -> None:
    quiet = _tone(-40.0)
    assert np.allclose(_compressed(quiet, _SETTINGS), quiet, rtol=1e-5, atol=1e-9)


def test_both_channels_move_together() -> None:
    audio = _tone(-4.0) * np.asarray([1.0, 0.25], np.float32)
    out = _compressed(audio, _SETTINGS)
    assert np.allclose(out[:, 1], out[:, 0] * 0.25, atol=1e-6)


def test_the_attack_lets_the_start_through() -> None:
    out = _compressed(_tone(-4.0), Compression(-20.0, 4.0, attack_seconds=0.05, release_seconds=0.1))
    assert np.abs(out[:200]).max() > 1.5 * np.abs(out[SAMPLE_RATE // 2 :]).max()


def test_block_peaks_are_the_greatest_of_either_channel() -> None:
    audio = np.random.default_rng(3).standard_normal((1003, 2)).astype(np.float32)
    expected = [np.abs(audio[start : start + 16]).max() for start in range(0, 1003, 16)]
    np.testing.assert_array_equal(block_peaks(audio, 16), expected)
    np.testing.assert_array_equal(block_peaks(audio[:, ::-1], 16), expected)
    assert block_peaks(audio[:0], 16).size == 0


def test_what_follows_silence_is_as_if_the_compressor_began_anew() -> None:
    burst = np.concatenate((_tone(-6.0)[:4000], np.zeros((2 * SAMPLE_RATE // 16 * 16, 2), np.float32)))[: 16 * 5000]
    twice = _compressed(np.concatenate((burst, burst)), _SETTINGS)
    np.testing.assert_allclose(twice[: len(burst)], twice[len(burst) :], atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.floats(0.1, 8.0)), max_size=30), st.integers(1, 300))
def test_no_peak_passes_the_ceiling(spikes: list[tuple[int, float]], window: int) -> None:
    peaks = np.full(3001, 0.2, np.float32)
    for place, level in spikes:
        peaks[place] = level
    gains = limiter_gains(peaks, 0.5, window / SAMPLE_RATE, 0.05)
    assert gains.shape == peaks.shape
    assert float((peaks * gains).max()) <= 0.5 * (1 + 1e-5)


def test_the_gain_moves_before_the_peak_and_recovers() -> None:
    peaks = np.full(20_000, 0.3, np.float32)
    peaks[10_000] = 1.0
    gains = limiter_gains(peaks, 0.5, 0.003, 0.02)
    assert gains[9_000] == pytest.approx(1.0)
    assert 0.5 < gains[9_930] < 1.0
    assert gains[10_000] == pytest.approx(0.5, abs=1e-4)
    assert gains[19_999] > 0.99
    assert np.abs(np.diff(gains)).max() < 0.02


def test_what_is_below_the_ceiling_is_left_alone() -> None:
    assert np.all(limiter_gains(np.full(1000, 0.4, np.float32), 0.5, 0.003, 0.05) == 1.0)


def test_a_rest_between_peaks_is_as_if_the_limiter_began_anew() -> None:
    peaks = np.full(40_000, 0.1, np.float32)
    peaks[500:520] = 1.0
    peaks[38_500:38_520] = 1.0
    gains = limiter_gains(peaks, 0.5, 0.002, 0.01)
    assert np.all(gains[20_000:38_000] == 1.0)
    assert np.allclose(gains[38_000:39_500], gains[:1500], atol=1e-6)


def _limited_frame_by_frame(peaks: Gains, ceiling: float, window: int, release: float) -> NDArray[np.float64]:
    """The limiter as its description has it, from the first frame to the last."""
    needs = np.concatenate((np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)), np.ones(window)))
    least = [needs[max(0, frame - window) : frame + 1].min() for frame in range(needs.size)]
    back, now, released = 1.0 - np.exp(-1.0 / (release * SAMPLE_RATE)), 1.0, []
    for wanted in least:
        now = wanted if wanted < now else now + back * (wanted - now)
        released.append(now)
    return np.asarray([np.mean(released[frame + 1 : frame + window + 1]) for frame in range(peaks.size)])


@pytest.mark.parametrize("frames", [1, 50, 133, 5000, 40_000])
@pytest.mark.parametrize("window", [1, 37, 132])
def test_segments_side_by_side_limit_as_one_long_run(frames: int, window: int) -> None:
    draw = np.random.default_rng(frames + window)
    peaks = (draw.uniform(0.0, 0.6, frames) + 0.8 * (draw.uniform(size=frames) > 0.999)).astype(np.float32)
    gains = limiter_gains(peaks, 0.5, window / SAMPLE_RATE, 0.02)
    assert np.allclose(gains, _limited_frame_by_frame(peaks, 0.5, window, 0.02), atol=1e-5)


def test_a_compressors_curve_turns_as_the_compressor_does() -> None:
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(9).standard_normal((time.size, 2)) * (0.05 + 0.3 * (np.sin(5 * time) > 0))[:, None]
    audio = noise.astype(np.float32)
    loudest = np.abs(audio).reshape(-1, 2 * STEP).max(axis=1).astype(np.float64)
    slow = Compression(-16.0, 2.0, attack_seconds=0.025, release_seconds=0.18, knee_db=10.0)
    turned = audio.copy()
    sweep(turned, compression_curve(loudest, slow))
    # Blocks of one more frame.
    assert np.allclose(turned, _compressed(audio, slow), atol=0.02 * np.abs(audio).max())
    assert np.abs(turned).max() < 0.9 * np.abs(audio).max()


def test_a_compressor_at_rest_has_a_curve_of_one() -> None:
    assert np.all(compression_curve(np.full(100, 0.01), _SETTINGS) == 1.0)


def test_a_gain_before_the_limit_is_as_if_it_had_been_applied() -> None:
    for level in (-12.0, -3.0):
        one, other = _tone(level), 1.5 * _tone(level)
        assert hold_peaks(one, 0.5, 0.002, 0.05, gain=1.5) == hold_peaks(other, 0.5, 0.002, 0.05)
        np.testing.assert_allclose(one, other, atol=1e-6)
        assert np.abs(one).max() <= 0.5 * (1 + 1e-5)
