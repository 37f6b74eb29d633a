import numpy as np
import pytest

from text2song.evaluation.tempo import measure_tempo

RATE = 44_100


def _clicks(bpm: float, seconds: float, *, division: int = 1) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    generator = np.random.default_rng(3)
    audio = np.zeros((int(seconds * RATE), 2), np.float32)
    burst = (generator.standard_normal(800) * np.exp(-np.arange(800) / 120)).astype(np.float32)
    for index in range(int(seconds * bpm / 60 * division)):
        start = int(index * 60 / bpm / division * RATE)
        level = 0.8 if index % division == 0 else 0.3
        length = min(800, audio.shape[0] - start)
        audio[start : start + length] += level * burst[:length, None]
    return audio


@pytest.mark.parametrize("bpm", [62.5, 100.0, 127.3, 174.0])
@pytest.mark.parametrize("division", [1, 2, 4])
def test_tempo_is_found_to_a_fraction_of_a_percent(bpm: float, division: int) -> None:
    measured = measure_tempo(_clicks(bpm, 30.0, division=division), RATE, near=bpm)
    assert measured.bpm == pytest.approx(bpm, rel=0.002)


def test_a_wrong_tempo_is_not_talked_into_the_asked_one() -> None:
    measured = measure_tempo(_clicks(92.0, 30.0), RATE, near=100.0)
    assert abs(measured.bpm - 100.0) > 1.0


def test_noise_has_no_clear_beat() -> None:
    noise = np.random.default_rng(5).standard_normal((20 * RATE, 2)).astype(np.float32) * 0.1
    assert measure_tempo(noise, RATE, near=100.0).clarity < measure_tempo(_clicks(100, 20), RATE, near=100).clarity / 2
