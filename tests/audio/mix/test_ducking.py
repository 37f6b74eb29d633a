from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.audio.songs import small_song

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.mix.ducking import duck_shape


def test_down_at_every_kick_and_back_before_the_next() -> None:
    shape = duck_shape(small_song(2), 4 * SAMPLE_RATE)
    assert shape is not None
    for kick in range(4):
        place = kick * SAMPLE_RATE
        assert shape[place + 100] == pytest.approx(1.0, abs=0.01)
        assert shape[place + SAMPLE_RATE // 2] == 0.0
    assert 0.0 <= shape.min() <= shape.max() <= 1.0


def test_it_moves_without_clicks() -> None:
    shape = duck_shape(small_song(2), 4 * SAMPLE_RATE)
    assert shape is not None
    assert np.abs(np.diff(shape)).max() < 0.012


def test_no_kick_no_ducking() -> None:
    song = small_song(2)
    without = replace(song, parts=tuple(part for part in song.parts if part.name != "drums"))
    assert duck_shape(without, SAMPLE_RATE) is None


def test_kicks_past_the_end_are_left_out() -> None:
    shape = duck_shape(small_song(4), SAMPLE_RATE // 2)
    assert shape is not None
    assert shape.shape == (SAMPLE_RATE // 2,)


def test_a_trigger_of_the_plan_goes_before_the_kicks() -> None:
    song = small_song(2)
    held = replace(song, mix=replace(song.mix, trigger=song.kicks))
    silent = replace(held, parts=tuple(part for part in song.parts if part.name != "drums"))
    shapes = [duck_shape(each, SAMPLE_RATE) for each in (song, held, silent)]
    assert shapes[0] is not None
    assert all(shape is not None and np.array_equal(shape, shapes[0]) for shape in shapes)
    assert duck_shape(replace(song, mix=replace(song.mix, trigger=())), SAMPLE_RATE) is None
