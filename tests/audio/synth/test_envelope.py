"""Envelopes begin, peak and end where they should."""

from __future__ import annotations

import pytest

from text2song.audio.synth.envelope import fade, scatter, swell


def test_swell_rises_to_one_then_falls_to_the_sustain() -> None:
    assert swell(0.0, 0.1, 0.2, 0.5) == 0.0
    assert swell(0.1, 0.1, 0.2, 0.5) == pytest.approx(1.0)
    assert swell(5.0, 0.1, 0.2, 0.5) == pytest.approx(0.5, abs=1e-6)
    rise = [swell(t / 100, 0.1, 0.2, 0.5) for t in range(11)]
    assert rise == sorted(rise)


def test_fade_ends_at_exactly_zero() -> None:
    assert fade(-1.0, 0.2) == 1.0
    assert fade(0.2, 0.2) == 0.0
    assert 0 < fade(0.199, 0.2) < 1e-3


def test_scatter_is_spread_over_the_unit_interval() -> None:
    numbers = [scatter(seed, index) for seed in range(40) for index in range(10)]
    assert len(set(numbers)) > 390
    assert 0 <= min(numbers) < 0.05
    assert 0.95 < max(numbers) < 1
    assert scatter(7, 3) == scatter(7, 3)
