from __future__ import annotations

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.wear import crackle, run_unevenly


def _tone(hertz: float = 1000.0, seconds: float = 8.0) -> Stereo:
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack((wave, wave), axis=1).astype(np.float32)


@pytest.mark.parametrize("cents", [3.0, 8.0])
def test_the_pitch_swings_by_as_much_as_asked(cents: float) -> None:
    worn = _tone()
    run_unevenly(worn, cents)
    analytic = np.fft.ifft(np.where(np.fft.fftfreq(worn.shape[0]) > 0, 2.0, 0.0) * np.fft.fft(worn[:, 0]))
    phase = np.unwrap(np.angle(analytic))[2000:-2000]
    hertz = np.convolve(np.diff(phase), np.ones(882) / 882, "valid") * SAMPLE_RATE / (2 * np.pi)
    swing = 1200 * np.log2(hertz / 1000)
    assert np.abs(swing).max() == pytest.approx(1.3 * cents, rel=0.2)
    assert abs(float(swing.mean())) < 0.2 * cents


def test_no_cents_change_nothing_and_silence_stays() -> None:
    audio = _tone(seconds=0.5)
    run_unevenly(audio, 0.0)
    assert np.array_equal(audio, _tone(seconds=0.5))
    still = np.zeros((5000, 2), np.float32)
    run_unevenly(still, 5.0)
    assert not still.any()


def test_the_record_hisses_at_its_level_and_ends_in_silence() -> None:
    still = np.zeros((10 * SAMPLE_RATE, 2), np.float32)
    crackle(still, -50.0)
    quiet = np.sqrt(np.median(np.square(still[: 9 * SAMPLE_RATE]).reshape(-1, 441, 2).mean(axis=(1, 2))))
    assert 20 * np.log10(quiet) == pytest.approx(-50.0, abs=1.5)
    assert np.abs(still).max() > 5 * quiet
    assert np.abs(still).max() < 10 ** (-20 / 20)
    assert np.abs(still[-3:]).max() < 1e-6


def test_it_is_the_same_every_time() -> None:
    one, other = (np.zeros((200_000, 2), np.float32) for _ in range(2))
    crackle(one, -40.0)
    crackle(other, -40.0)
    assert np.array_equal(one, other)
