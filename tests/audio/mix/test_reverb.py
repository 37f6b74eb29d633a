from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.mix import reverb


def reverberate(audio: Stereo, seconds: float) -> Stereo:
    wet = audio.copy()
    reverb.reverberate(wet, seconds, 1.0, dry=0.0)
    return wet


def _impulse(seconds: float = 5.0) -> Stereo:
    audio = np.zeros((int(seconds * SAMPLE_RATE), 2), np.float32)
    audio[0] = 1.0
    return audio


def _rt60(wet: Stereo, hertz: float) -> float:
    """Schroeder's backward integration of one octave, −5 to −35 dB, doubled."""
    band = sosfilt(butter(3, [hertz / 2**0.5, hertz * 2**0.5], "band", fs=SAMPLE_RATE, output="sos"), wet[:, 0])
    decay = 10 * np.log10(np.cumsum(np.square(band)[::-1])[::-1] + 1e-30)
    decay -= decay[0]
    return float((np.argmax(decay < -35) - np.argmax(decay < -5)) / SAMPLE_RATE * 2)


@pytest.mark.parametrize("seconds", [0.6, 1.8, 3.0])
def test_decay_time_is_as_asked(seconds: float) -> None:
    assert _rt60(reverberate(_impulse(), seconds), 500.0) == pytest.approx(seconds, rel=0.15)


def test_highs_die_sooner() -> None:
    wet = reverberate(_impulse(), 2.0)
    assert _rt60(wet, 8000.0) < 0.6 * _rt60(wet, 500.0)


def test_the_room_is_wide() -> None:
    wet = reverberate(_impulse(), 1.8)
    assert abs(np.corrcoef(wet[:, 0], wet[:, 1])[0, 1]) < 0.15


def test_it_is_linear() -> None:
    random = np.random.default_rng(0)
    one, other = (random.standard_normal((20_000, 2)).astype(np.float32) * 0.1 for _ in range(2))
    apart = reverberate(one, 1.2) + reverberate(other, 1.2)
    assert np.abs(reverberate(one + other, 1.2) - apart).max() < 1e-5


@pytest.mark.parametrize("seconds", [0.5, 1.8, 4.0])
def test_wet_is_about_as_loud_as_dry_in_every_room(seconds: float) -> None:
    dry = (np.random.default_rng(1).standard_normal((8 * SAMPLE_RATE, 2)) * 0.1).astype(np.float32)
    wet = reverberate(dry, seconds)[4 * SAMPLE_RATE :]
    assert 20 * np.log10(wet.std() / dry.std()) == pytest.approx(0.0, abs=2.0)


def test_no_flutter_in_the_tail() -> None:
    """Echo density: half a second in, the tail is noise-like (kurtosis near 3), not a row of separate echoes."""
    tail = reverberate(_impulse(), 2.0)[SAMPLE_RATE // 2 : SAMPLE_RATE, 0].astype(np.float64)
    tail /= np.exp(-6.91 / 2.0 * np.arange(tail.size) / SAMPLE_RATE)
    assert float(np.mean((tail / tail.std()) ** 4)) < 6.0


def test_silence_gives_silence() -> None:
    assert np.abs(reverberate(np.zeros((30_000, 2), np.float32), 1.8)).max() < 1e-9


def test_a_room_that_has_rung_out_answers_again() -> None:
    burst = (np.random.default_rng(2).standard_normal((2000, 2)) * 0.1).astype(np.float32)
    # The second burst starts on a block's first frame, like the first.
    audio = np.zeros((128 * 3200, 2), np.float32)
    audio[:2000] = audio[128 * 2000 : 128 * 2000 + 2000] = burst
    wet = reverberate(audio, 0.4)
    assert not wet[128 * 1900 : 128 * 2000].any()
    assert np.allclose(wet[128 * 2000 : 128 * 2600], wet[: 128 * 600], atol=1e-6)


def test_the_room_is_added_to_the_sound() -> None:
    audio = (np.random.default_rng(3).standard_normal((20_000, 2)) * 0.1).astype(np.float32)
    both = audio.copy()
    reverb.reverberate(both, 1.2, 0.3)
    assert np.allclose(both, audio + 0.3 * reverberate(audio, 1.2), atol=1e-6)
