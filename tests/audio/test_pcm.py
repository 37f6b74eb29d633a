from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest

from text2song.audio.instrument import Stereo
from text2song.audio.pcm import FULL_SCALE, Pcm, Sum, pcm24, pcm24_pieces


def _noise(seed: int, frames: int = 300_000, level: float = 0.2) -> Stereo:
    return (np.random.default_rng(seed).standard_normal((frames, 2)) * level).clip(-1, 1).astype(np.float32)


def test_sound_comes_back_on_the_grid() -> None:
    back = Pcm.of(_noise(0)).audio()
    assert np.abs(back - _noise(0)).max() <= 0.5001 / FULL_SCALE
    assert np.array_equal(np.rint(back * FULL_SCALE), back * FULL_SCALE)


def test_sound_on_the_grid_comes_back_unchanged() -> None:
    once = Pcm.of(_noise(1)).audio()
    assert np.array_equal(Pcm.of(once).audio(), once)


@pytest.mark.parametrize("value", [-1.0, -0.5, -1 / FULL_SCALE, 0.0, 1 / FULL_SCALE, 0.5])
def test_edges_are_exact(value: float) -> None:
    assert Pcm.of(np.full((3, 2), value, np.float32)).audio() == pytest.approx(value, abs=0)


def test_beyond_full_scale_it_clips() -> None:
    back = Pcm.of(np.asarray([[3.0, -3.0]], np.float32)).audio()
    assert back[0].tolist() == [1 - 1 / FULL_SCALE, -1.0]


def test_samples_are_little_endian_24_bit() -> None:
    samples = pcm24(np.asarray([[0.5, -0.5]], np.float32))
    assert samples == (4_194_304).to_bytes(3, "little") + (-4_194_304).to_bytes(3, "little", signed=True)


@pytest.mark.parametrize("frames", [1, 2, 3, 1023, 4097])
def test_every_sample_lies_in_its_own_three_bytes(frames: int) -> None:
    audio = _noise(5, frames, level=0.9)
    steps = np.clip(np.rint(audio.astype(np.float64) * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(int)
    expected = b"".join(int(step).to_bytes(3, "little", signed=True) for step in steps.flat)
    assert pcm24(audio) == expected
    sound, total = Pcm.of(audio), Sum(frames)
    np.testing.assert_array_equal(sound.audio(), steps / FULL_SCALE)
    total.add(sound)
    total.add(sound)
    np.testing.assert_array_equal(total.audio(), 2 * steps / FULL_SCALE)


def test_a_sum_is_exact_in_any_order() -> None:
    sounds = [Pcm.of(_noise(seed)) for seed in range(4)]
    one, other = Sum(300_000), Sum(300_000)
    for sound in sounds:
        one.add(sound)
    for sound in reversed(sounds):
        other.add(sound)
    expected = np.sum([sound.audio().astype(np.float64) for sound in sounds], axis=0)
    total = one.audio()
    assert np.array_equal(total, other.audio())
    inside = np.abs(expected) <= 1
    assert np.array_equal(total[inside], expected[inside])


def test_a_sum_of_nothing_is_silence() -> None:
    total = Sum(10).audio()
    assert total.shape == (10, 2)
    assert not total.any()


def test_no_frames_are_no_sound() -> None:
    empty = Pcm.of(np.zeros((0, 2), np.float32))
    assert len(empty) == 0
    assert empty.audio().shape == (0, 2)


def test_the_file_is_closed_with_its_last_user() -> None:
    sound = Pcm.of(_noise(2, 100))
    file = sound._file
    del sound
    gc.collect()
    assert file.closed


def test_sound_is_read_where_it_lies_in_a_file(tmp_path: Path) -> None:
    sound = Pcm.of(_noise(5))
    path = tmp_path / "a.wav"
    path.write_bytes(b"head" + b"".join(sound.pieces()) + b"tail")
    there = Pcm.in_file(path, 4, len(sound))
    assert np.array_equal(there.audio(), sound.audio())
    assert len(there) == len(sound)


def test_pieces_are_the_whole() -> None:
    audio = np.random.default_rng(2).uniform(-1.1, 1.1, (600_001, 2)).astype(np.float32)
    assert b"".join(pcm24_pieces(audio)) == pcm24(audio)
