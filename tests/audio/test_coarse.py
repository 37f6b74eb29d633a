"""Tests of the song in blocks: it must say what the samples would."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.coarse import Blocks, block_gains, block_peaks
from text2song.audio.dynamics import limiter_gains, turn_down
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.loudness import gated_loudness, hop_energies, mean_square
from text2song.audio.peaks import peak_envelope
from text2song.audio.weighting import BLOCK


def _beat(seconds: float) -> Stereo:
    """A chord that swells under hits whose peaks are far above it."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    hits = np.exp(-30 * (time % 0.4)) * np.random.default_rng(3).standard_normal(time.size)
    chord = (0.2 + 0.1 * np.sin(time)) * (np.sin(700 * time) + np.sin(1100 * time) + np.sin(5000 * time))
    return np.stack((chord + hits, 0.8 * chord - 0.5 * hits), axis=1).astype(np.float32)


@pytest.mark.parametrize("frames", [1, BLOCK, BLOCK + 1, 3000, 4410, 4 * 4410, 100_001])
def test_blocks_have_the_power_of_the_samples(frames: int) -> None:
    audio = _beat(4.0)[:frames]
    blocks = Blocks.of(audio)
    assert blocks.power == pytest.approx(mean_square(audio), rel=1e-5)
    assert blocks.plain.size == blocks.weighted.size == blocks.middles.size == -(-frames // BLOCK)
    exact = hop_energies(audio)
    assert blocks.hops.shape == exact.shape
    if frames > 4 * 4410:
        assert np.allclose(blocks.hops, exact, rtol=1e-9)


def test_a_gain_that_moves_slowly_turns_blocks_as_it_turns_samples() -> None:
    audio = _beat(4.0)
    blocks = Blocks.of(audio)
    gains = 0.5 + 0.3 * np.sin(np.arange(audio.shape[0]) / SAMPLE_RATE * 9.0)
    there = audio * gains[:, None].astype(np.float32)
    coarse = blocks.turned(np.interp(blocks.middles, np.arange(gains.size), gains))
    assert gated_loudness(coarse.hops) == pytest.approx(gated_loudness(hop_energies(there)), abs=0.02)
    assert coarse.power == pytest.approx(mean_square(there), rel=1e-3)


@pytest.mark.parametrize("ceiling", [0.9, 0.5, 0.25])
def test_the_limiter_takes_from_blocks_what_it_takes_from_samples(ceiling: float) -> None:
    audio = _beat(6.0)
    peaks = peak_envelope(audio)
    exact = audio.copy()
    turn_down(exact, limiter_gains(peaks, ceiling, 3 * BLOCK / SAMPLE_RATE, 0.09))
    gains = block_gains(block_peaks(peaks), ceiling, 3, 0.09)
    assert gains.max() <= 1.0
    coarse = Blocks.of(audio).turned(gains)
    off = 10 * np.log10(coarse.hops / hop_energies(exact))
    assert np.abs(off).max() < 0.25
    assert gated_loudness(coarse.hops) == pytest.approx(gated_loudness(hop_energies(exact)), abs=0.03)


def test_quiet_blocks_are_left_alone_and_a_peak_is_held() -> None:
    peaks = np.full(60, 0.3)
    peaks[30] = 1.0
    gains = block_gains(peaks, 0.5, 3, 0.01)
    assert gains[30] == pytest.approx(0.5)
    assert (gains[:28] == 1.0).all()
    assert (np.diff(gains[30:]) >= 0).all()


def test_peaks_of_blocks_are_the_greatest_of_theirs() -> None:
    peaks = np.random.default_rng(1).uniform(size=5 * BLOCK + 7).astype(np.float32)
    found = block_peaks(peaks)
    assert found.size == 6
    assert found[2] == peaks[2 * BLOCK : 3 * BLOCK].max()
    assert found[5] == peaks[5 * BLOCK :].max()
