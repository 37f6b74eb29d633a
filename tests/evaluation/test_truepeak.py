from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.signal import resample_poly

from text2song.evaluation.truepeak import true_peak_dbtp

RATE = 44_100


def _noise(seconds: float, gains: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    generator = np.random.default_rng(7)
    parts = [gain * generator.standard_normal((int(seconds * RATE), 2)) for gain in gains]
    return np.asarray(np.concatenate(parts), dtype=np.float32)


def test_true_peak_finds_the_peak_between_samples() -> None:
    # A quarter-rate sine sampled 45° off its crests: samples at −3 dB, crests at 0 dB.
    time = np.arange(RATE)
    tone = np.sin(np.pi / 2 * time + np.pi / 4).astype(np.float32)
    window = np.hanning(RATE).astype(np.float32)
    audio = np.stack([tone * window, tone * window], axis=1)
    assert np.abs(audio).max() < 0.72
    assert true_peak_dbtp(audio) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("frames", [1, 5, 100, (1 << 18) - 3, 1 << 18, (1 << 18) + 3])
def test_true_peak_is_that_of_a_resampler(frames: int) -> None:
    audio = 0.3 * _noise(7.0, [1.0])[:frames]
    raised = resample_poly(audio.astype(np.float64), 4, 1, axis=0)
    # The resampler's own copy of the samples is 0.006 dB too high.
    assert true_peak_dbtp(audio) == pytest.approx(20 * np.log10(np.abs(raised).max()), abs=0.01)


@pytest.mark.parametrize("place", [100, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 290_000])
def test_true_peak_finds_a_peak_wherever_it_lies(place: int) -> None:
    audio = 0.01 * _noise(7.0, [1.0])
    audio[place : place + 2, 1] = 0.9
    between = resample_poly(audio.astype(np.float64), 4, 1, axis=0)
    with ThreadPoolExecutor(2) as pool:
        assert true_peak_dbtp(audio, pool) == pytest.approx(20 * np.log10(np.abs(between).max()), abs=0.01)
