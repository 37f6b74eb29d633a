"""A reference is heard as it is: sounds whose tempo, key and loudness are known by their making."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from text2song.evaluation.reference import CURVE, STRETCH_SECONDS, Listener, ReferenceFigures

TRIADS = {"A minor": (220.0, 261.63, 329.63), "C major": (261.63, 329.63, 392.0), "E minor": (164.81, 196.0, 246.94)}


def music(bpm: float, key: str, rate: int, seconds: float = 20.0) -> NDArray[np.float32]:
    """A chord with a click on every beat, mono."""
    times = np.arange(int(seconds * rate)) / rate
    pitches = np.array([TRIADS[key][0] / 2, *TRIADS[key]])
    sound = np.asarray(0.15 * np.sin(2 * np.pi * np.outer(pitches, times)).sum(axis=0), np.float64)
    length = int(0.05 * rate)
    noise = np.random.default_rng(3).normal(size=length) * np.exp(-np.arange(length) / (0.01 * rate))
    for beat in np.arange(0, seconds - 0.1, 60 / bpm):
        at = int(beat * rate)
        sound[at : at + noise.size] += 0.4 * noise
    return np.clip(sound, -1, 1).astype(np.float32)


def heard(sound: NDArray[np.float32], rate: int) -> ReferenceFigures:
    listener = Listener(rate, sound.shape[0])
    for start in range(0, sound.shape[0], listener.block_frames):
        listener.hear(sound[start : start + listener.block_frames])
    return listener.figures()


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("bpm", "key"), [(92.0, "A minor"), (120.0, "C major"), (138.0, "E minor")])
def test_tempo_and_key_of_known_music(rate: int, bpm: float, key: str) -> None:
    figures = heard(music(bpm, key, rate)[:, None], rate)
    assert figures.bpm is not None
    assert min(abs(figures.bpm / bpm * factor - 1) for factor in (0.5, 1, 2)) < 0.01
    assert figures.key == key


def test_loudness_of_a_tone() -> None:
    """BS.1770: a sine of 997 Hz at 0 dBFS in one channel is −3.01 LUFS, so −20 dB in both are −20."""
    times = np.arange(10 * 48_000) / 48_000
    tone = (0.1 * np.sin(2 * np.pi * 997 * times)).astype(np.float32)
    figures = heard(np.stack([tone, tone], axis=1), 48_000)
    assert figures.loudness_lufs == pytest.approx(-20.0, abs=0.1)
    assert figures.peak_dbfs == pytest.approx(-20.0, abs=0.05)
    assert figures.energy == pytest.approx(0.6, abs=0.01)
    assert figures.bpm is None
    assert heard(tone[:, None], 48_000).loudness_lufs == figures.loudness_lufs
    assert heard(np.stack([tone, tone, *[5 * tone] * 4], axis=1), 48_000) == figures


def test_energy_follows_the_loudness() -> None:
    sound = music(120, "A minor", 22_050, 32)
    ramp = np.repeat(np.linspace(0.05, 1, CURVE), sound.size // CURVE).astype(np.float32)
    curve = heard((sound * ramp)[:, None], 22_050).energy_curve
    assert len(curve) == CURVE
    assert list(curve) == sorted(curve)
    assert curve[-1] - curve[0] > 0.5


@pytest.mark.parametrize("frames", [0, 1, 100, 2204, 2206, 44_100])
def test_silence_and_scraps_have_no_tempo_and_no_key(frames: int) -> None:
    figures = heard(np.zeros((frames, 1), np.float32), 22_050)
    assert (figures.bpm, figures.key, figures.energy) == (None, None, 0.0)
    assert figures.loudness_lufs == figures.peak_dbfs == -120.0


def test_scraps_of_sound_are_no_trouble() -> None:
    for frames in (1, 2, 50, 1000, 5000):
        figures = heard(music(120, "A minor", 22_050, 1)[:frames, None], 22_050)
        assert figures.bpm is None
        assert -120.0 <= figures.peak_dbfs <= 0.0


def test_a_long_file_is_heard_in_the_middle_and_a_lie_about_its_length_is_borne() -> None:
    rate = 8_000
    listener = Listener(rate, 4 * STRETCH_SECONDS * rate)
    assert sum(part.size for part in listener._mono) == 0
    block = np.full((listener.block_frames, 1), 0.1, np.float32)
    for _ in range(4 * STRETCH_SECONDS // 5):
        listener.hear(block)
    assert sum(part.size for part in listener._mono) == STRETCH_SECONDS * 44_100
    liar = Listener(rate, 1 << 40)
    liar.hear(music(120, "A minor", rate, 5)[:, None])
    assert liar.figures().key is None
    assert liar.figures().loudness_lufs > -30
