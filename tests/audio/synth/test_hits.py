"""Layers of drum sounds."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.hits import Layer, Room, Signal, padded_sum


def centroid(signal: Signal) -> float:
    power = np.abs(np.fft.rfft(signal)) ** 2
    return float((np.fft.rfftfreq(len(signal), 1 / SAMPLE_RATE) * power).sum() / power.sum())


def test_a_swept_tone_falls_to_its_pitch() -> None:
    tone = Layer("tone", hz=50, sweep=4.0, sweep_time=15, decay=600).render(1, 0, 1.0)
    assert centroid(tone[:1000]) > 100
    late = tone[8000:20_000]
    spectrum = np.abs(np.fft.rfft(late * np.hanning(len(late)), 44_100 * 4))
    assert np.argmax(spectrum) / 4 == pytest.approx(50, abs=1)


@pytest.mark.parametrize("kind", ["tone", "noise", "metal", "modes", "cymbal"])
def test_each_kind_decays_by_sixty_decibels(kind: str) -> None:
    layer = Layer(kind, hz=400, decay=300, ratios=(1.0, 1.48), attack=0.5)
    sound = layer.render(3, 0, 1.0)
    assert np.isfinite(sound).all()
    early, late = np.abs(sound[:2000]).max(), np.abs(sound[int(0.29 * SAMPLE_RATE) : int(0.3 * SAMPLE_RATE)]).max()
    assert late < 0.004 * early
    assert abs(sound[-1]) < 1e-6


def test_tuning_and_stretching() -> None:
    layer = Layer("tone", hz=200, decay=200)
    assert centroid(layer.render(1, 12, 1.0)) == pytest.approx(2 * centroid(layer.render(1, 0, 1.0)), rel=0.03)
    assert len(layer.render(1, 0, 2.0)) > 1.8 * len(layer.render(1, 0, 1.0))


def test_claps_are_several_bursts() -> None:
    clap = np.abs(Layer("noise", attack=0.1, decay=100, bursts=(12.0, 24.0)).render(5, 0, 1.0))
    starts = [int(t * 0.001 * SAMPLE_RATE) for t in (0, 12, 24)]
    for start in starts[1:]:
        assert clap[start + 5 : start + 200].mean() > 2 * clap[start - 150 : start - 5].mean()


def test_other_seeds_are_other_strokes() -> None:
    layer = Layer("noise")
    assert not np.array_equal(layer.render(1, 0, 1.0), layer.render(2, 0, 1.0))
    assert np.array_equal(layer.render(1, 0, 1.0), layer.render(1, 0, 1.0))


def test_a_gated_room_ends_at_the_gate() -> None:
    hit = np.zeros(500)
    hit[0] = 1.0
    wet = Room(level=0.5, decay=900, gate=100).around(hit, 1)
    assert len(wet) < 0.12 * SAMPLE_RATE
    assert np.sum(wet[300:] ** 2) == pytest.approx(0.25, rel=0.05)
    assert Room().around(hit, 1) is hit


def test_signals_of_different_lengths_add_up() -> None:
    assert padded_sum([np.ones(3), np.ones(5)]).tolist() == [2, 2, 2, 1, 1]
