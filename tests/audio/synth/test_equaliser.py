"""Fixed filters have the response of the cookbook."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt, sosfreqz

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.synth.equaliser import Band, equalise, sections
from text2song.audio.synth.noise import white


def decibels(band: Band, hertz: float) -> float:
    _, response = sosfreqz(sections((band,)), worN=[hertz], fs=SAMPLE_RATE)
    return float(20 * np.log10(np.abs(response[0])))


@pytest.mark.parametrize(
    ("band", "hertz", "expected"),
    [
        (("peak", 1000.0, 6.0, 1.0), 1000, 6.0),
        (("peak", 1000.0, -4.0, 1.0), 1000, -4.0),
        (("lowshelf", 200.0, 5.0, 0.7), 20, 5.0),
        (("highshelf", 5000.0, 5.0, 0.7), 20_000, 5.0),
        (("highshelf", 5000.0, 5.0, 0.7), 50, 0.0),
        (("lowpass", 1000.0, 0.0, 0.7071), 1000, -3.01),
        (("highpass", 1000.0, 0.0, 0.7071), 1000, -3.01),
        (("highpass", 1000.0, 0.0, 0.7071), 100, -40.0),
        (("bandpass", 1000.0, 0.0, 2.0), 1000, 0.0),
    ],
)
def test_each_kind_has_its_response(band: Band, hertz: float, expected: float) -> None:
    assert decibels(band, hertz) == pytest.approx(expected, abs=0.25)


def test_filters_as_the_reference_does() -> None:
    bands: tuple[Band, ...] = (("peak", 700.0, 6.0, 2.0), ("highpass", 90.0, 0.0, 0.7), ("lowpass", 5000.0, 0.0, 0.7))
    signal = np.stack([white(1, 5000), white(2, 5000)])
    expected = sosfilt(sections(bands), signal, axis=-1)
    np.testing.assert_allclose(equalise(signal, bands), expected, atol=1e-12)
    np.testing.assert_allclose(equalise(signal[1], bands), expected[1], atol=1e-12)


def test_no_bands_change_nothing_and_the_input_is_kept() -> None:
    signal = white(3, 100)
    kept = signal.copy()
    assert equalise(signal, ()) is signal
    equalise(signal, (("lowpass", 500.0, 0.0, 0.7),))
    assert np.array_equal(signal, kept)


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        sections((("notch", 100.0, 0.0, 1.0),))
