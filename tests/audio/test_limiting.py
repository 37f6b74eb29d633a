"""Tests of the end of the master: loudness, ceiling, and a search that holds on the samples."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.gain import points
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.levelling import Levels, wanted_powers
from text2song.audio.limiting import MARGIN_DB, Limited, at_loudness
from text2song.audio.loudness import gated_loudness, hop_energies, hops_of, true_peak
from text2song.audio.weighting import block_energies
from text2song.domain.composition import MixPlan
from text2song.domain.progress import Progress, silent


def _song(seconds: float, swing: float) -> Stereo:
    """Hits over noise that rises and falls by `swing` dB every eight seconds."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    draw = np.random.default_rng(5)
    level = 10 ** (swing * np.sign(np.sin(2 * np.pi * time / 8.0)) / 40)
    hits = 0.4 * np.exp(-40 * (time % 0.5)) * draw.standard_normal(time.size)
    bed = 0.1 * draw.standard_normal(time.size)
    return np.stack((level * (hits + bed), level * (0.7 * hits - bed)), axis=1).astype(np.float32)


def _levels(seconds: float, energy: list[float]) -> Levels:
    edges = np.round(np.linspace(0, seconds, len(energy) + 1) * SAMPLE_RATE).astype(np.int64)
    return Levels(edges, wanted_powers(np.asarray(energy)))


def _limited(audio: Stereo, plan: MixPlan, levels: Levels | None, progress: Progress = silent) -> Limited:
    """With nothing before the limiter."""
    return at_loudness(audio, block_energies(audio), np.ones(points(audio.shape[0])), plan, progress, levels)


@pytest.mark.parametrize("lufs", [-18.0, -14.0, -9.0])
@pytest.mark.parametrize("with_levels", [False, True])
def test_one_run_over_the_samples_arrives(lufs: float, with_levels: bool) -> None:
    stages: list[float] = []
    levels = _levels(32.0, [0.2, 0.9, 0.4, 0.7] * 4) if with_levels else None
    plan = MixPlan(lufs=lufs)
    found = _limited(_song(32.0, 4.0), plan, levels, lambda _, fraction: stages.append(fraction))
    assert gated_loudness(hops_of(found.energies[0])) == pytest.approx(lufs, abs=0.1)
    assert np.allclose(hops_of(found.energies[0]), hop_energies(found.audio), rtol=1e-6)
    assert found.peak == pytest.approx(np.abs(found.audio).max(), rel=1e-6)
    assert true_peak(found.audio) <= plan.true_peak_dbtp - MARGIN_DB / 2
    # Every run after the first would be told.
    assert [fraction for fraction in stages if fraction >= 0.8] == []


def test_the_fader_moves_against_what_was_played() -> None:
    levels = _levels(64.0, ([0.9] * 8 + [0.2] * 8) * 2)
    hops = hop_energies(_limited(_song(64.0, 3.0), MixPlan(), levels).audio)[:640].reshape(4, 160).mean(axis=1)
    assert hops[[0, 2]].min() > 2.0 * hops[[1, 3]].max()


def test_what_is_asked_too_loud_ends_nevertheless() -> None:
    found = _limited(_song(8.0, 0.0), MixPlan(lufs=-1.0), None)
    assert gated_loudness(hops_of(found.energies[0])) < -1.0
    assert np.isfinite(found.audio).all()


@pytest.mark.parametrize("frames", [1, 44, 4409, 30_000])
def test_songs_of_any_length_pass(frames: int) -> None:
    audio = _song(1.0, 0.0)[:frames]
    out = _limited(audio.copy(), MixPlan(), None).audio
    assert out.shape == audio.shape
    assert np.isfinite(out).all()
