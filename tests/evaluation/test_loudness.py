import numpy as np
import pyloudnorm
import pytest

from text2song.evaluation.loudness import SILENCE, chunk_powers, integrated_lufs

RATE = 44_100


def _noise(seconds: float, gains: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    generator = np.random.default_rng(7)
    parts = [gain * generator.standard_normal((int(seconds * RATE), 2)) for gain in gains]
    return np.asarray(np.concatenate(parts), dtype=np.float32)


def test_reference_tone_reads_as_the_standard_says() -> None:
    # EBU Tech 3341: a stereo 1 kHz sine at −23 dBFS reads −23 LUFS.
    time = np.arange(20 * RATE) / RATE
    tone = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    assert integrated_lufs(np.stack([tone, tone], axis=1), RATE) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("gains", [[0.1], [0.2, 0.01, 0.2], [0.3, 0.0001]])
def test_agrees_with_an_independent_meter(gains: list[float]) -> None:
    audio = _noise(5.0, gains)
    expected = pyloudnorm.Meter(RATE).integrated_loudness(audio)
    assert integrated_lufs(audio, RATE) == pytest.approx(expected, abs=0.1)


def test_silence_and_very_short_sounds_are_finite() -> None:
    assert integrated_lufs(np.zeros((RATE, 2), np.float32), RATE) == SILENCE
    assert np.isfinite(integrated_lufs(np.full((100, 2), 0.5, np.float32), RATE))


def test_chunks_have_the_power_of_both_channels() -> None:
    time = np.arange(RATE) / RATE
    left, right = np.sin(2 * np.pi * 1000 * time), 0.5 * np.sin(2 * np.pi * 1000 * time + 1.0)
    both = chunk_powers(np.stack([left, right], axis=1).astype(np.float32), RATE)
    alone = [chunk_powers(np.stack([one, 0 * one], axis=1).astype(np.float32), RATE) for one in (left, right)]
    assert both == pytest.approx(alone[0] + alone[1], rel=1e-5)
    assert alone[0] == pytest.approx(4 * alone[1], rel=1e-3)
