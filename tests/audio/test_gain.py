"""Tests of curves of gain."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.gain import STEP, drawn, in_blocks, points, sweep, turned
from text2song.audio.instrument import Stereo
from text2song.audio.weighting import BLOCK, block_energies


def _noise(frames: int) -> Stereo:
    return (0.2 * np.random.default_rng(6).standard_normal((frames, 2))).astype(np.float32)


def _curve(frames: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 1.0 + 0.5 * np.sin(np.arange(points(frames)) / 40.0)


def _every_frame(curve: np.ndarray[tuple[int], np.dtype[np.float64]], frames: int) -> np.ndarray:
    return np.interp(np.arange(frames), np.arange(curve.size) * STEP, curve)


@pytest.mark.parametrize("frames", [1, STEP, STEP + 1, BLOCK, BLOCK + 1, 2880, 100_003])
def test_a_curve_is_straight_between_its_points(frames: int) -> None:
    audio, curve = _noise(frames), _curve(frames)
    swept, ones = audio.copy(), np.ones(frames, np.float32)
    sweep(swept, curve)
    sweep(ones, curve)
    expected = _every_frame(curve, frames)
    assert np.allclose(ones, expected, rtol=1e-6)
    assert np.allclose(swept, audio * expected[:, None], rtol=1e-6)


@pytest.mark.parametrize("frames", [1, STEP, BLOCK, BLOCK + 1, 2 * BLOCK + STEP, 10_000])
def test_blocks_have_the_gain_of_their_middles(frames: int) -> None:
    curve = _curve(frames)
    found = in_blocks(curve)
    assert found.size == -(-frames // BLOCK)
    middles = np.arange(frames // BLOCK) * BLOCK + BLOCK / 2
    assert np.allclose(found[: middles.size], np.interp(middles, np.arange(curve.size) * STEP, curve))


def test_points_are_drawn_straight_between_values() -> None:
    values = np.asarray([1.0, 3.0, 2.0, 2.5])
    assert np.allclose(drawn(values, 10, 25), np.interp(np.arange(25), [0, 10, 20, 30], values))
    assert np.allclose(drawn(values, 1, 3), values[:3])


@pytest.mark.parametrize("frames", [1, 89, 2880, 2881, 100_003])
def test_turning_measures_what_it_makes(frames: int) -> None:
    audio, curve = _noise(frames), _curve(frames)
    gains = np.random.default_rng(7).uniform(0.5, 1.0, frames).astype(np.float32)
    before, out = audio.copy(), np.full_like(audio, np.nan)
    energies, peak = turned(audio, gains, curve, out)
    assert np.array_equal(audio, before)
    assert np.allclose(out, audio * (gains * _every_frame(curve, frames))[:, None], rtol=1e-6, atol=1e-9)
    assert np.allclose(energies, block_energies(out), rtol=1e-5)
    assert peak == pytest.approx(np.abs(out).max(), rel=1e-6)
