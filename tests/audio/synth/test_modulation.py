from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.modulation import phaser, rotary


def _noise(channels: int = 1) -> NDArray[np.float32]:
    return (np.random.default_rng(0).standard_normal((channels, 2 * SAMPLE_RATE)) * 0.1).astype(np.float32)


def test_the_phaser_cuts_notches_that_move() -> None:
    swept = _noise()
    phaser(swept, 0.5, 1.0)
    # A quarter turn apart the notches are elsewhere.
    early, late = (np.abs(np.fft.rfft(swept[0, start : start + 8192])) for start in (0, SAMPLE_RATE // 2))
    dry = [np.abs(np.fft.rfft(_noise()[0, start : start + 8192])) for start in (0, SAMPLE_RATE // 2)]
    smooth = np.ones(30) / 30
    one, other = (
        np.convolve(wet, smooth, "same") / np.convolve(plain, smooth, "same")
        for wet, plain in zip((early, late), dry, strict=True)
    )
    band = slice(40, 700)
    assert one[band].min() < 0.5 * one[band].max()
    assert float(np.corrcoef(one[band], other[band])[0, 1]) < 0.6


@pytest.mark.parametrize("hertz", [0.8, 6.6])
def test_the_rotary_turns_at_its_pace(hertz: float) -> None:
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.5 * np.sin(2 * np.pi * 2000 * time))[None, :].astype(np.float32)
    turned = rotary(tone, hertz, 1.0)
    level = np.sqrt(np.square(turned[0]).reshape(-1, 441).mean(axis=1))[10:-10]
    spectrum = np.abs(np.fft.rfft(level - level.mean()))
    assert np.argmax(spectrum) / (level.size / 100) == pytest.approx(hertz, abs=0.3)
    assert level.min() < 0.75 * level.max()


def test_the_rotary_bends_the_pitch_and_is_wide() -> None:
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (0.5 * np.sin(2 * np.pi * 3000 * time))[None, :].astype(np.float32)
    turned = rotary(tone, 6.6, 1.0)
    spectrum = np.abs(np.fft.rfft(turned[0] * np.hanning(turned.shape[1])))
    side = spectrum[2 * 3000 + 8 : 2 * 3000 + 200].max()
    assert side > 0.1 * spectrum.max()
    assert float(np.std(turned[0] - turned[1])) > 0.1 * float(np.std(turned[0]))


def test_both_take_two_channels_and_silence() -> None:
    assert rotary(_noise(2), 1.0, 1.0).shape == (2, 2 * SAMPLE_RATE)
    still = np.zeros((2, 1000), np.float32)
    phaser(still, 0.5, 1.0)
    assert np.abs(still).max() < 1e-9
    assert not rotary(still, 1.0, 1.0).max() > 1e-9
