from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt, sosfreqz

from text2song.audio.filters import Biquad, filtered, gentle_highpass, high_shelf, highpass, low_shelf, lowpass, peak
from text2song.audio.instrument import SAMPLE_RATE


def _gain_db(biquad: Biquad, hertz: float) -> float:
    b0, b1, b2, a1, a2 = biquad
    _, response = sosfreqz([[b0, b1, b2, 1.0, a1, a2]], worN=[hertz], fs=SAMPLE_RATE)
    return float(20 * np.log10(np.abs(response[0])))


@pytest.mark.parametrize(
    ("biquad", "hertz", "expected"),
    [
        (highpass(100), 100, -3.0),
        (highpass(100), 25, -24.0),
        (highpass(100), 5000, 0.0),
        (lowpass(1000), 1000, -3.0),
        (lowpass(1000), 4000, -24.7),
        (peak(1000, 5.0), 1000, 5.0),
        (peak(1000, 5.0), 50, 0.0),
        (low_shelf(200, 3.0), 20, 3.0),
        (low_shelf(200, 3.0), 200, 1.5),
        (low_shelf(200, 3.0), 5000, 0.0),
        (high_shelf(8000, -4.0), 8000, -2.0),
        (high_shelf(8000, -4.0), 19000, -4.0),
        (high_shelf(8000, -4.0), 100, 0.0),
    ],
)
def test_each_design_has_its_gain(biquad: Biquad, hertz: float, expected: float) -> None:
    assert _gain_db(biquad, hertz) == pytest.approx(expected, abs=0.4)


def test_a_corner_beyond_the_band_is_stable() -> None:
    audio = np.random.default_rng(0).standard_normal((5000, 2)).astype(np.float32)
    assert np.isfinite(filtered(audio, (highpass(40_000), high_shelf(30_000, 6.0)))).all()


def test_the_row_equals_scipys() -> None:
    audio = np.random.default_rng(1).standard_normal((4000, 2)).astype(np.float32)
    row = (highpass(80), peak(500, -3.0), high_shelf(6000, 2.0))
    sections = [[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in row]
    assert np.allclose(filtered(audio, row), sosfilt(sections, audio, axis=0), atol=1e-5)


def test_an_empty_row_changes_nothing() -> None:
    audio = np.ones((10, 2), np.float32)
    out = filtered(audio, ())
    assert np.array_equal(out, audio)
    assert out is not audio


def test_an_odd_row_is_the_same_as_its_filters_one_by_one() -> None:
    noise = (np.random.default_rng(5).standard_normal((5000, 2)) * 0.1).astype(np.float32)
    row = (highpass(80.0), peak(900.0, 4.0), high_shelf(6000.0, -3.0))
    apart = noise
    for one in row:
        apart = filtered(apart, (one,))
    assert np.allclose(filtered(noise, row), apart, atol=1e-6)


def test_silence_between_sounds_changes_nothing_after_it() -> None:
    burst = (np.random.default_rng(6).standard_normal((3000, 2)) * 0.1).astype(np.float32)
    audio = np.concatenate((burst, np.zeros((SAMPLE_RATE, 2), np.float32), burst))
    out = filtered(audio, (highpass(120.0), lowpass(5000.0)))
    assert not out[SAMPLE_RATE : SAMPLE_RATE + 1000].any()
    assert np.allclose(out[-3000:], out[:3000], atol=1e-7)


def test_a_gentle_highpass_falls_by_six_decibels_an_octave() -> None:
    assert _gain_db(gentle_highpass(2000.0), 2000.0) == pytest.approx(-3.0, abs=0.1)
    assert _gain_db(gentle_highpass(2000.0), 100.0) - _gain_db(gentle_highpass(2000.0), 50.0) == pytest.approx(
        6.0, abs=0.1
    )
