"""Tests of K-weighted power, block by block, against the filters run from the first sample to the last."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.weighting import BLOCK, K_SECTIONS, block_energies


def _noise(frames: int) -> Stereo:
    random = np.random.default_rng(4)
    swell = 0.1 + 0.1 * np.sin(np.arange(frames) / SAMPLE_RATE * 3.0)[:, None]
    # A step of level, and what no weighting lets through.
    return np.asarray(0.3 + swell * random.standard_normal((frames, 2)), dtype=np.float32)


@pytest.mark.parametrize("frames", [1, BLOCK, BLOCK + 1, 2879, 2880, 2881, 100_001, 10 * SAMPLE_RATE])
def test_segments_side_by_side_are_one_long_run(frames: int) -> None:
    audio = _noise(frames)
    sections = [[*row[:3], 1.0, *row[3:]] for row in K_SECTIONS.tolist()]
    padded = np.pad(audio.astype(np.float64), ((0, -frames % BLOCK), (0, 0)))
    both = np.stack((sosfilt(sections, padded, axis=0), padded))
    expected = np.square(both).sum(axis=2).reshape(2, -1, BLOCK).sum(axis=2)
    found = block_energies(audio)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-12 * expected.max())


def test_silence_has_no_power_and_nothing_no_blocks() -> None:
    assert block_energies(np.zeros((SAMPLE_RATE, 2), np.float32)).max() < 1e-50
    assert block_energies(np.zeros((0, 2), np.float32)).shape == (2, 0)
