import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.articulation import COLUMNS, HOP, Column
from text2song.audio.voice.tract import Source, synthesise

UPPER = np.array([[3400.0, 200.0], [4500.0, 300.0]])


def _tracks(frames: int, **columns: float) -> NDArray[np.float64]:
    tracks = np.zeros((frames, COLUMNS))
    tracks[:, Column.F1 : Column.B3 + 1] = (700.0, 1200.0, 2500.0, 70.0, 90.0, 140.0)
    tracks[:, Column.BANDS :] = (5000.0, 800.0, 1.0, 7000.0, 1500.0, 0.0, 8000.0, 2000.0, 0.0)
    for name, value in columns.items():
        tracks[:, Column[name]] = value
    return tracks


def _spectrum(sound: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle = sound[sound.size // 4 :]
    window = np.hanning(middle.size)
    power = np.abs(np.fft.rfft(middle * window)) ** 2
    return np.asarray(np.fft.rfftfreq(middle.size, 1 / SAMPLE_RATE)), np.asarray(power)


def _sung(f0: float, source: Source | None = None, **columns: float) -> NDArray[np.float64]:
    frames = 300
    still = source or Source(jitter=0.0, shimmer=0.0)
    return synthesise(_tracks(frames, **columns), np.full(frames, f0), np.full(frames, 0.9), UPPER, still)


def test_the_pitch_is_the_one_given_and_the_length_too() -> None:
    sound = _sung(220.0, VOICE=1.0)
    assert sound.size == 300 * HOP
    frequencies, power = _spectrum(sound)
    low = frequencies < 300
    assert frequencies[low][np.argmax(power[low])] == pytest.approx(220.0, abs=3)


def test_formants_stand_where_they_are_put() -> None:
    frequencies, power = _spectrum(_sung(100.0, VOICE=1.0))
    for formant in (700.0, 1200.0):
        near = power[np.abs(frequencies - formant) < 60].max()
        valley = power[np.abs(frequencies - 1900.0) < 60].max()
        assert near > 20 * valley


def test_a_high_note_does_not_fold_back() -> None:
    sound = _sung(987.8, VOICE=1.0)
    frequencies, power = _spectrum(sound)
    distance = np.abs(frequencies / 987.8 - np.round(frequencies / 987.8))
    between = power[(distance > 0.2) & (frequencies > 1500)]
    assert between.max() < 1e-6 * power.max()


def test_hiss_is_where_its_band_is_and_has_no_pitch() -> None:
    frequencies, power = _spectrum(_sung(200.0, HISS=1.0))
    assert power[np.abs(frequencies - 5000) < 300].mean() > 30 * power[frequencies < 2000].mean()
    assert np.std(_sung(200.0, HISS=1.0)) == pytest.approx(1.0, rel=0.15)


def test_silence_is_silent_and_the_seed_fixes_the_noise() -> None:
    assert not _sung(200.0).any()
    assert np.array_equal(_sung(200.0, BREATH=0.3), _sung(200.0, BREATH=0.3))
    other = _sung(200.0, Source(seed=2), BREATH=0.3)
    assert not np.array_equal(_sung(200.0, BREATH=0.3), other)


def test_growl_weakens_every_second_period() -> None:
    frequencies, power = _spectrum(_sung(200.0, Source(0.0, 0.0, subharmonic=0.4), VOICE=1.0))
    clean_frequencies, clean = _spectrum(_sung(200.0, VOICE=1.0))
    assert np.array_equal(frequencies, clean_frequencies)
    half = np.abs(frequencies - 300.0) < 5
    assert power[half].max() > 100 * clean[half].max()
