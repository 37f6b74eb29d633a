"""Noise is white and repeatable."""

from __future__ import annotations

import numpy as np

from text2song.audio.synth.noise import seed_of, white


def test_noise_is_white_centred_and_repeatable() -> None:
    noise = white(5, 65_536)
    assert np.array_equal(noise, white(5, 65_536))
    assert abs(noise.mean()) < 0.01
    assert abs(noise.var() - 1 / 3) < 0.01
    assert -1 <= noise.min() < -0.999
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    low, high = spectrum[1:16_000].mean(), spectrum[16_000:].mean()
    assert 0.9 < low / high < 1.1


def test_other_seeds_are_other_noise() -> None:
    assert abs(np.corrcoef(white(1, 10_000), white(2, 10_000))[0, 1]) < 0.03
    assert seed_of("a", 1) != seed_of("a", 2)


def test_a_longer_noise_begins_the_same() -> None:
    assert np.array_equal(white(9, 50), white(9, 500)[:50])
