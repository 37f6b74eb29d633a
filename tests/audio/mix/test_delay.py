from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.mix import delay


def echo(audio: Stereo, seconds: float, feedback: float) -> Stereo:
    wet = audio.copy()
    delay.echo(wet, seconds, feedback, 1.0, dry=0.0)
    return wet


def _burst() -> Stereo:
    audio = np.zeros((3 * SAMPLE_RATE, 2), np.float32)
    audio[:2000] = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(2000) / SAMPLE_RATE)[:, None]
    return audio


def _energies(wet: Stereo, seconds: float) -> list[tuple[float, float]]:
    edges = [round(index * seconds * SAMPLE_RATE) for index in range(5)]
    return [
        (float(np.square(wet[low:high, 0]).sum()), float(np.square(wet[low:high, 1]).sum()))
        for low, high in pairwise(edges)
    ]


def test_echoes_alternate_and_fade() -> None:
    before, first, second, third = _energies(echo(_burst(), 0.5, 0.5), 0.5)
    assert before == pytest.approx((0.0, 0.0), abs=1e-9)
    assert first[0] > 100 * first[1]
    assert second[1] > 100 * second[0]
    assert third[0] > 100 * third[1]
    assert first[0] > 2 * second[1] > 4 * third[0] > 0


def test_each_repeat_comes_on_time() -> None:
    wet = echo(_burst(), 0.375, 0.6)
    assert np.argmax(np.abs(wet[:, 0]) > 0.01) == pytest.approx(0.375 * SAMPLE_RATE, abs=30)
    assert np.argmax(np.abs(wet[:, 1]) > 0.01) == pytest.approx(0.75 * SAMPLE_RATE, abs=30)


def test_feedback_beyond_one_still_dies() -> None:
    wet = echo(_burst(), 0.02, 5.0)
    assert np.abs(wet[-SAMPLE_RATE:]).max() < np.abs(wet[:SAMPLE_RATE]).max() / 10


def test_a_delay_longer_than_the_song_is_silent() -> None:
    assert not echo(_burst(), 10.0, 0.5).any()


def test_echoes_are_added_to_the_sound() -> None:
    both = _burst()
    delay.echo(both, 0.25, 0.4, 0.5)
    assert np.allclose(both, _burst() + 0.5 * echo(_burst(), 0.25, 0.4), atol=1e-6)
