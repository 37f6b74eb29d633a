"""Tests of true peaks, frame by frame, against a resampler that shares nothing with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.peaks import peak_envelope


def _noise(frames: int) -> Stereo:
    random = np.random.default_rng(8)
    return (random.standard_normal((frames, 2)) * random.uniform(0.01, 0.4, (frames, 1))).astype(np.float32)


@pytest.mark.parametrize("frames", [1, 11, 12, 25, 1023, 1024, 1025, 5000])
def test_every_frame_has_the_peak_of_its_neighbourhood(frames: int) -> None:
    audio = _noise(frames)
    found = peak_envelope(audio)
    raised = np.abs(resample_poly(audio.astype(np.float64), 4, 1, axis=0, window=("kaiser", 5.0)))
    expected = raised.reshape(frames, 4, 2)[:, 1:].max(axis=(1, 2))
    expected = np.maximum(expected, np.abs(audio).max(axis=1))
    assert found.shape == (frames,)
    # The resampler's filter is four samples shorter on either side.
    assert np.abs(found - expected).max() < 0.02 * expected.max()


def test_the_wave_is_found_between_its_samples() -> None:
    # A quarter of the sample rate at 45 degrees: the samples reach only 0.707 of the wave.
    tone = (0.5 * np.sin(np.pi / 2 * np.arange(SAMPLE_RATE) + np.pi / 4)).astype(np.float32)
    middle = peak_envelope(np.stack((tone, 0.1 * tone), axis=1))[100:-100]
    assert middle.max() == pytest.approx(0.5, abs=0.002)
    # Every second pair of samples has a crest between them.
    assert (middle > 0.499).mean() == pytest.approx(0.5, abs=0.01)


def test_one_sample_is_a_peak_of_its_own() -> None:
    audio = np.zeros((4000, 2), np.float32)
    audio[2047, 1] = -0.7
    found = peak_envelope(audio)
    assert np.argmax(found) == 2047
    assert found.max() == np.float32(0.7)
    assert not found[:2000].any()
    assert not found[2100:].any()


def test_nothing_has_no_peaks() -> None:
    assert peak_envelope(np.zeros((0, 2), np.float32)).size == 0
