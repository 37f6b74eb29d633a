"""Tests of segments that run side by side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import sosfilt

from text2song.audio.filters import highpass, lowpass, paired, peak
from text2song.audio.lanes import LANES, SEGMENTS, TILE, TOGETHER, beside, gather, run_pairs, scatter, segment_tiles


@pytest.mark.parametrize("frames", [0, 1, TILE, 7 * TILE + 1, 8_000_000])
def test_the_segments_hold_the_song(frames: int) -> None:
    whole = SEGMENTS * TILE
    assert frames <= segment_tiles(frames) * whole < frames + 2 * whole


@pytest.mark.parametrize("start", [-TILE, -5, 0, 40, 3000])
def test_what_is_gathered_can_be_put_back(start: int) -> None:
    audio = np.random.default_rng(1).standard_normal((TOGETHER * 200, 2)).astype(np.float32)
    tile = np.full((TILE, LANES), 9.0)
    gather(audio, start, 200, tile)
    around = np.pad(audio, ((TILE, 4000), (0, 0)))
    for segment in (0, 3, TOGETHER - 1):
        at = TILE + start + 200 * segment
        assert np.array_equal(tile[:, 2 * segment : 2 * segment + 2], around[at : at + TILE])
    if start >= 0:
        back = np.zeros_like(audio)
        scatter(tile, back, start, 200)
        at = start + 200
        assert np.array_equal(back[at : at + TILE], audio[at : at + TILE])
        assert np.array_equal(back != 0, (back == audio) & (back != 0))


def test_every_lane_is_filtered_as_if_alone() -> None:
    tile = np.random.default_rng(2).standard_normal((2 * TILE, LANES))
    row = (highpass(80.0), peak(500.0, -3.0), lowpass(9000.0))
    sections = [[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in row]
    expected = sosfilt(sections, tile, axis=0)
    states = np.zeros((4, 2, LANES))
    for half in (tile[:TILE], tile[TILE:]):
        run_pairs(half, paired(row), states)
    assert np.allclose(tile, expected, atol=1e-12)


def test_filters_ring_out_to_nothing() -> None:
    states = np.zeros((2, 2, LANES))
    tile = np.ones((TILE, LANES))
    for _ in range(200):
        run_pairs(tile, paired((highpass(24.0),)), states)
        tile = np.zeros((TILE, LANES))
    assert not states.any()


def test_groups_run_side_by_side_and_fail_together() -> None:
    seen: list[int] = []
    beside(seen.append)
    assert sorted(seen) == list(range(0, SEGMENTS, TOGETHER))

    def fail(first: int) -> None:
        raise RuntimeError(str(first))

    with pytest.raises(RuntimeError):
        beside(fail)
