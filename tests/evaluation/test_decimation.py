import numpy as np
import pytest
from scipy import signal

from text2song.evaluation.decimation import decimated


@pytest.mark.parametrize("frames", [1, 40, 4095, 4096, 4097, 100_003])
def test_it_is_to_the_bit_what_a_general_resampler_gives(frames: int) -> None:
    left, right = np.random.default_rng(frames).integers(-(1 << 20), 1 << 20, (2, frames), dtype=np.int32)
    middle = ((left + right) / 2 / 8_388_608).astype(np.float32)
    np.testing.assert_array_equal(decimated(left + right), signal.resample_poly(middle, 1, 4))


def test_nothing_stays_nothing() -> None:
    assert decimated(np.zeros(0, np.int32)).size == 0
    assert not decimated(np.zeros(9999, np.int32)).any()


def test_what_a_quarter_of_the_samples_cannot_hold_is_gone() -> None:
    time = np.arange(44_100) / 44_100
    low, high = (np.round(1e6 * np.sin(2 * np.pi * hertz * time)).astype(np.int32) for hertz in (440.0, 9_000.0))
    assert np.abs(decimated(high)[100:-100]).max() < 0.01 * np.abs(decimated(low)).max()
