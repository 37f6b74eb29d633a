"""Partials ring as their figures say."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.modal import Modes, loudness, ring

BAR = Modes(ratios=(1.0, 2.756, 5.404), amplitudes=(1.0, 0.5, 0.25), decays=(1.0, 0.5, 0.25), decay=2.0)
STRING = Modes(harmonics=30, stiffness=0.0005, decay=6.0, after=0.1)


def test_ring_is_a_sum_of_decaying_sines() -> None:
    out = np.zeros(8000)
    ring(out, np.array([[440.0, 0.7, 0.1], [1234.0, 0.2, 0.05]]))
    time = np.arange(8000) / SAMPLE_RATE
    expected = 0.7 * np.exp(-time / 0.1) * np.sin(2 * np.pi * 440 * time)
    expected += 0.2 * np.exp(-time / 0.05) * np.sin(2 * np.pi * 1234 * time)
    np.testing.assert_allclose(out, expected, atol=3e-5)


def test_a_strike_has_two_layers_of_the_same_loudness() -> None:
    soft, hard = BAR.strike(69, 0)
    assert loudness(soft.astype(np.float64)) == pytest.approx(1.0, abs=0.05)
    assert loudness(hard.astype(np.float64)) == pytest.approx(1.0, abs=0.05)
    brightness = [float(np.std(np.diff(layer[:8000]))) for layer in (soft, hard)]
    assert brightness[1] > 1.1 * brightness[0]


def test_strings_are_stretched_and_bars_are_not() -> None:
    rows = STRING.partials(261.63, 1e6)
    assert rows[0, 0] == pytest.approx(261.63)
    assert rows[9, 0] > 10.15 * 261.63
    assert BAR.partials(440.0, 1e6)[1, 0] == pytest.approx(2.756 * 440)


def test_high_keys_and_high_partials_die_sooner() -> None:
    assert len(BAR.strike(90, 0)[0]) < len(BAR.strike(40, 0)[0])
    rows = BAR.partials(440.0, 1e6)
    assert list(rows[:, 2]) == sorted(rows[:, 2], reverse=True)


def test_a_strike_starts_and_ends_at_rest() -> None:
    for layer in BAR.strike(60, 0):
        assert abs(layer[0]) < 1e-3
        assert abs(layer[-1]) < 1e-3


def test_the_keyboard_runs_from_left_to_right() -> None:
    wide = Modes(ratios=(1.0,), amplitudes=(1.0,), width=0.5)
    assert wide.place(30) < 0 < wide.place(90) <= 0.5
    assert BAR.place(30) == 0
    assert BAR.choked_by(60) == {60}
