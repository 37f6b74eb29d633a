from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.filters import filtered, high_shelf, lowpass
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.tone import (
    OCTAVES,
    balancing,
    band_levels,
    corrections,
    equalised,
    excite,
    octave_levels,
    spectrum,
)
from text2song.domain.composition import OCTAVES_DB


def excited(audio: Stereo, wanted_db: float) -> Stereo | None:
    """What is added, None where nothing is."""
    more = audio.copy()
    lacked = excite(more, octave_levels(audio), wanted_db)
    assert lacked is not np.array_equal(more, audio)
    return more - audio if lacked else None


def _pink(seconds: int = 6) -> Stereo:
    random = np.random.default_rng(3)
    frames = seconds * SAMPLE_RATE
    spectrum = np.fft.rfft(random.standard_normal((frames, 2)), axis=0)
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.shape[0]))[:, None]
    audio = np.fft.irfft(spectrum, frames, axis=0)
    return np.asarray(0.1 * audio / audio.std(), dtype=np.float32)


def test_pink_noise_is_level_in_every_octave() -> None:
    levels = octave_levels(_pink())
    assert np.ptp(levels[:8]) < 2.0


def test_a_sine_is_in_its_band() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 1000 * time).astype(np.float32)
    levels = octave_levels(np.stack((tone, tone), axis=1))
    assert OCTAVES[int(np.argmax(levels))] == 1000.0


def test_the_target_itself_needs_nothing() -> None:
    assert np.all(corrections(np.asarray(OCTAVES_DB) - 7.0) == 0.0)


def test_a_dull_mix_becomes_brighter() -> None:
    dull = filtered(_pink(), (high_shelf(3000, -18.0),))
    before = octave_levels(dull)
    after = octave_levels(filtered(dull, balancing(before)))
    target = np.asarray(OCTAVES_DB)

    def distance(levels: object) -> float:
        deviation = np.asarray(levels) - target
        return float(np.abs(deviation - np.median(deviation)).mean())

    assert distance(after) < distance(before) - 1.0


def test_empty_bands_are_not_raised() -> None:
    levels = np.asarray([-3.0, -3.0, -5.0, -8.0, -12.0, -20.0, -80.0, -90.0, -95.0])
    assert np.all(corrections(levels)[6:] == 0.0)


@pytest.mark.parametrize("frames", [0, 100, 20_000])
def test_silence_has_flat_levels(frames: int) -> None:
    assert np.all(octave_levels(np.zeros((frames, 2), np.float32)) == 0.0)


def test_a_dark_mix_gets_harmonics_above_its_presence() -> None:
    dark = filtered(_pink(), (lowpass(7000.0), lowpass(7000.0), lowpass(7000.0)))
    harmonics = excited(dark, 0.0)
    assert harmonics is not None
    before, after = octave_levels(dark), octave_levels(dark + harmonics)
    assert after[-1] > before[-1] + 6.0
    assert np.abs(after[:7] - before[:7]).max() < 0.3


def test_a_bright_mix_and_a_wish_for_darkness_get_none() -> None:
    assert excited(_pink(), 0.0) is None
    dark = filtered(_pink(), (high_shelf(6000.0, -26.0),))
    assert excited(dark, 0.0) is not None
    assert excited(dark, -20.0) is None


def test_harmonics_follow_the_level() -> None:
    dark = filtered(_pink(), (lowpass(7000.0), lowpass(7000.0)))
    loud, soft = excited(dark, 0.0), excited(dark * np.float32(0.25), 0.0)
    assert loud is not None
    assert soft is not None
    assert np.allclose(soft, loud * 0.25, atol=1e-6)


def test_a_spectrum_tells_what_an_equaliser_will_do() -> None:
    noise = _pink(20)
    row = balancing(np.asarray([3.0, -6.0, -1.0, -9.0, -4.0, -14.0, -10.0, -25.0, -20.0]))
    told = band_levels(equalised(spectrum(noise), row))
    assert np.allclose(told, octave_levels(filtered(noise, row)), atol=0.1)
