from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.amplifier import cabinet, drive

Signal = NDArray[np.float32]
_FILE = resources.files("text2song.audio.synth").joinpath("cabinets.toml")
CABINETS = tomllib.loads(_FILE.read_text(encoding="utf-8"))


def sine(hertz: float, frames: int = SAMPLE_RATE, level: float = 1.0) -> Signal:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(frames) / SAMPLE_RATE)
    return wave[None, :].astype(np.float32)


def test_driving_adds_odd_harmonics_and_keeps_its_bounds() -> None:
    signal = sine(441.0)
    drive(signal, 9.0, 0.0)
    assert np.abs(signal[0, 1000:-1000]).max() <= 1.1 / 3
    spectrum = np.abs(np.fft.rfft(signal[0]))
    assert spectrum[3 * 441] > 0.1 * spectrum[441]
    assert spectrum[2 * 441] < 1e-3 * spectrum[441]


def test_bias_adds_even_harmonics() -> None:
    signal = sine(441.0)
    drive(signal, 4.0, 0.6)
    spectrum = np.abs(np.fft.rfft(signal[0]))
    assert spectrum[2 * 441] > 0.03 * spectrum[441]


@pytest.mark.parametrize("hertz", [1777.0, 5000.0])
def test_nothing_that_is_heard_folds_back(hertz: float) -> None:
    driven = sine(hertz)
    naive = driven * 45 / np.sqrt(1 + (driven * 45) ** 2)
    drive(driven, 45.0, 0.15)

    def aliases(signal: NDArray[Any]) -> float:
        """Energy between the harmonics up to 16 kHz, dB below all."""
        piece = signal[0, 2000:-2000]
        spectrum = np.abs(np.fft.rfft(piece * np.blackman(piece.size))) ** 2
        found = np.arange(len(spectrum)) * SAMPLE_RATE / piece.size
        off = np.abs((found + hertz / 2) % hertz - hertz / 2) > 15
        return float(10 * np.log10(spectrum[off & (found > 30) & (found < 16_000)].sum() / spectrum.sum()))

    assert aliases(driven) < -45
    assert aliases(driven) < aliases(naive) - 20


def test_a_soft_tone_keeps_its_level_in_time() -> None:
    signal = sine(440.0, level=0.001)
    drive(signal, 4.0, 0.0)
    inner = slice(2000, -2000)
    expected = sine(440.0, level=0.002)
    assert np.abs(signal[0, inner] - expected[0, inner]).max() < 4e-5


def test_silence_stays_silence() -> None:
    signal = np.zeros((1, 5000), np.float32)
    drive(signal, 20.0, 0.3)
    assert np.abs(signal).max() < 1e-6


@pytest.mark.parametrize("name", sorted(CABINETS))
def test_a_cabinet_follows_its_drawing(name: str) -> None:
    click = np.zeros((1, 8192), np.float32)
    click[0, 0] = 1.0
    response = cabinet(click, name)
    assert response.shape == click.shape
    levels = 20 * np.log10(np.abs(np.fft.rfft(response[0])) + 1e-9)
    for hertz, decibels in CABINETS[name]["response"]:
        if 80 <= hertz <= 5000:
            assert levels[round(hertz * 8192 / SAMPLE_RATE)] == pytest.approx(decibels, abs=2.0)
    # Least delay: the energy comes at once.
    assert np.square(response[0, :128]).sum() > 0.8 * np.square(response[0]).sum()


@pytest.mark.parametrize(("channels", "frames"), [(1, 3 * SAMPLE_RATE), (1, 164_737), (2, 9 * SAMPLE_RATE + 77)])
def test_a_long_sound_goes_through_a_cabinet_as_in_one(channels: int, frames: int) -> None:
    signal = np.random.default_rng(5).normal(0, 0.2, (channels, frames)).astype(np.float32)
    click = np.zeros((1, 1024), np.float32)
    click[0, 0] = 1.0
    whole = oaconvolve(signal, cabinet(click, "open_2x12"), axes=1)[:, :frames]
    # What ends or begins a piece is no more off than what lies within.
    assert np.abs(cabinet(signal, "open_2x12") - whole).max() < 2e-6


def test_where_the_halves_meet_is_not_heard() -> None:
    whole = np.random.default_rng(6).normal(0, 0.3, (1, 4000)).astype(np.float32)
    later = np.concatenate((np.zeros((1, 1280), np.float32), whole), axis=1)
    drive(whole, 6.0, 0.2)
    drive(later, 6.0, 0.2)
    # The middle lies elsewhere, and the same comes out.
    assert np.abs(later[:, 1280:] - whole).max() < 1e-6


def test_an_unknown_cabinet_is_an_error() -> None:
    with pytest.raises(KeyError):
        cabinet(sine(100.0), "shoebox")
