"""Tests of the pass that equalises and measures."""

from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.equalising import equalise
from text2song.audio.filters import filtered, high_shelf, highpass, low_shelf, lowpass, peak
from text2song.audio.gain import STEP
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.weighting import block_energies

#: As the master has them: from the lowest that there is to the highest.
_ROW = (highpass(24.0), low_shelf(88.0, 9.0), peak(125.0, -8.0, 1.1), peak(1000.0, 8.0, 1.1), high_shelf(11_300.0, 6.0))


def _noise(frames: int) -> Stereo:
    noise = 0.2 * np.random.default_rng(5).standard_normal((frames, 2)).cumsum(axis=0) / 50
    return np.asarray(noise + 0.1, dtype=np.float32)


@pytest.mark.parametrize("frames", [1, 89, 2880, 2881, 50_000, 20 * SAMPLE_RATE])
def test_segments_side_by_side_are_filtered_as_one_long_run(frames: int) -> None:
    audio = _noise(frames)
    expected = filtered(audio, (*_ROW, lowpass(19_500.0)))
    found = equalise(audio, (*_ROW, lowpass(19_500.0)))
    assert np.allclose(audio, expected, atol=1e-6 * max(1.0, float(np.abs(expected).max())))
    assert np.allclose(found.energies, block_energies(expected), rtol=1e-4, atol=1e-9)
    padded = np.pad(np.abs(expected), ((0, -frames % STEP), (0, 0)))
    assert np.allclose(
        found.loudest[: frames // STEP], padded.reshape(-1, 2 * STEP).max(axis=1)[: frames // STEP], atol=1e-5
    )


def test_without_filters_it_only_measures() -> None:
    audio = _noise(30_000)
    before = audio.copy()
    found = equalise(audio, ())
    assert np.array_equal(audio, before)
    assert np.allclose(found.energies, block_energies(before), rtol=1e-12)


def test_what_has_rung_out_is_silent() -> None:
    audio = np.concatenate((_noise(SAMPLE_RATE), np.zeros((8 * SAMPLE_RATE, 2), np.float32)))
    equalise(audio, _ROW)
    assert audio[SAMPLE_RATE : SAMPLE_RATE + 1000].any()
    assert not audio[6 * SAMPLE_RATE :].any()
    assert np.abs(audio[3 * SAMPLE_RATE :]).max() < 1e-6
