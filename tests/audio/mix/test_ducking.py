from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.audio.songs import small_song

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.mix.ducking import Trigger, duck, duck_shape, trigger_of
from text2song.domain.composition import UnifiedComposition


def _shape(song: UnifiedComposition, frames: int) -> NDArray[np.float32]:
    trigger = trigger_of(song)
    assert trigger is not None
    return duck_shape(trigger, frames)


def test_down_at_every_kick_and_back_before_the_next() -> None:
    shape = _shape(small_song(2), 4 * SAMPLE_RATE)
    for kick in range(4):
        place = kick * SAMPLE_RATE
        assert shape[place + 100] == pytest.approx(1.0, abs=0.01)
        assert shape[place + SAMPLE_RATE // 2] == 0.0
    assert 0.0 <= shape.min() <= shape.max() <= 1.0


def test_it_moves_without_clicks() -> None:
    shape = _shape(small_song(2), 4 * SAMPLE_RATE)
    assert np.abs(np.diff(shape)).max() < 0.012


def test_no_kick_no_ducking() -> None:
    song = small_song(2)
    without = replace(song, parts=tuple(part for part in song.parts if part.name != "drums"))
    assert trigger_of(without) is None


def test_kicks_past_the_end_are_left_out() -> None:
    shape = _shape(small_song(4), SAMPLE_RATE // 2)
    assert shape.shape == (SAMPLE_RATE // 2,)


def test_a_trigger_of_the_plan_goes_before_the_kicks() -> None:
    song = small_song(2)
    held = replace(song, mix=replace(song.mix, trigger=song.kicks))
    silent = replace(held, parts=tuple(part for part in song.parts if part.name != "drums"))
    triggers = [trigger_of(each) for each in (song, held, silent)]
    assert triggers[0] is not None
    assert triggers[0].onsets == tuple(float(kick) for kick in range(len(triggers[0].onsets)))
    assert triggers[1:] == [triggers[0], triggers[0]]
    assert trigger_of(replace(song, mix=replace(song.mix, trigger=()))) is None


def test_a_stem_is_pulled_down_by_so_many_decibels() -> None:
    # Longer than a piece, so that the pieces meet.
    frames = 3 * SAMPLE_RATE
    shape, stem = duck_shape(Trigger((0.5, 1.5, 1.7), 0.3), frames), np.ones((frames, 2), np.float32)
    duck(stem, shape, 6.0)
    np.testing.assert_allclose(20 * np.log10(stem), -6.0 * np.stack([shape, shape], axis=1), atol=1e-4)
