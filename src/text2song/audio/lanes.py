"""A song in segments side by side: what waits for its own last output, as filters do, runs over many at once.

A second-order filter takes nine cycles from one frame to the next, whatever the processor could do beside. Here a song
is cut into segments of equal length, and a tile holds a stretch of each, frame by frame: a row is one frame of every
segment, left beside right. The inner loop goes along a row and has no order, so it runs as vectors. Each segment begins
a run-up early, after which a filter has forgotten that it began: what comes out is that of one run but for rounding.

The segments are the same whatever number of threads they are shared between.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel

Floats = NDArray[np.float64]

#: Segments of a song, and those that one thread runs together.
SEGMENTS, TOGETHER = 32, 16
#: Columns of a tile: left and right of the segments that one thread runs.
LANES = 2 * TOGETHER
#: Frames of a tile: it fits the first cache.
TILE = 90
#: Tiles of run-up, 0.25 s: filters from 20 Hz upwards forget by 200 dB and more.
RUN_UP = 122
#: Filter memory below this (−300 dBFS) is forgotten.
_NOTHING = 1e-15


def segment_tiles(frames: int) -> int:
    """Return the length of every segment of so many frames, in tiles; the last ones may lie behind the end."""
    return max(1, -(-frames // (SEGMENTS * TILE)))


def beside(run: Callable[[int], object]) -> None:
    """Call `run` with the first segment of each group of `TOGETHER`, in threads side by side; raises what it raises."""
    groups = range(0, SEGMENTS, TOGETHER)
    with ThreadPoolExecutor(len(groups) - 1) as pool:
        others = [pool.submit(run, first) for first in groups[1:]]
        run(groups[0])
        for other in others:
            other.result()


@kernel
def gather(audio: Stereo, start: int, apart: int, tile: Floats) -> None:
    """Set the rows of `tile` to frames from `start` on, segments lying `apart`; round a song is silence."""
    if start >= 0 and start + (TOGETHER - 1) * apart + tile.shape[0] <= audio.shape[0]:
        for frame in range(tile.shape[0]):
            row, at = tile[frame], start + frame
            for segment in range(TOGETHER):
                row[2 * segment], row[2 * segment + 1] = audio[at, 0], audio[at, 1]
                at += apart
        return
    for frame in range(tile.shape[0]):
        for segment in range(TOGETHER):
            at = start + frame + segment * apart
            within = 0 <= at < audio.shape[0]
            tile[frame, 2 * segment] = audio[at, 0] if within else 0.0
            tile[frame, 2 * segment + 1] = audio[at, 1] if within else 0.0


@kernel
def silence_behind(tile: Floats, frames: int, start: int, apart: int) -> None:
    """Silence what lies behind a song of so many frames: filters ring there."""
    for segment in range(TOGETHER):
        for frame in range(max(0, frames - start - segment * apart), tile.shape[0]):
            tile[frame, 2 * segment] = tile[frame, 2 * segment + 1] = 0.0


@kernel
def gather_one(values: NDArray[np.float32], start: int, apart: int, tile: Floats | NDArray[np.float32]) -> None:
    """Set the rows of `tile` (frames, `TOGETHER`) to values from `start` on, segments lying `apart`; zero elsewhere."""
    if start >= 0 and start + (TOGETHER - 1) * apart + tile.shape[0] <= values.shape[0]:
        for frame in range(tile.shape[0]):
            row, at = tile[frame], start + frame
            for segment in range(TOGETHER):
                row[segment] = values[at]
                at += apart
        return
    for frame in range(tile.shape[0]):
        for segment in range(TOGETHER):
            at = start + frame + segment * apart
            tile[frame, segment] = values[at] if 0 <= at < values.shape[0] else 0.0


@kernel
def scatter_one(tile: NDArray[np.float32], values: NDArray[np.float32], start: int, apart: int) -> None:
    """Set `values` from `start` on to the rows of `tile` (frames, `TOGETHER`); what lies outside is dropped."""
    for frame in range(tile.shape[0]):
        row, at = tile[frame], start + frame
        for segment in range(TOGETHER):
            if 0 <= at < values.shape[0]:
                values[at] = row[segment]
            at += apart


@kernel
def scatter(tile: Floats, audio: Stereo, start: int, apart: int) -> None:
    """Set the frames of `audio` from `start` on to the rows of `tile`; what lies behind the end is dropped."""
    whole = start + (TOGETHER - 1) * apart + tile.shape[0] <= audio.shape[0]
    for frame in range(tile.shape[0]):
        row, at = tile[frame], start + frame
        if whole:
            for segment in range(TOGETHER):
                audio[at, 0], audio[at, 1] = row[2 * segment], row[2 * segment + 1]
                at += apart
        else:
            for segment in range(TOGETHER):
                if at < audio.shape[0]:
                    audio[at, 0], audio[at, 1] = row[2 * segment], row[2 * segment + 1]
                at += apart


@kernel
def run_pairs(tile: Floats, biquads: Floats, states: Floats) -> None:
    """Run every lane of `tile` through biquads, an even number of rows, in place; `states` is (rows, 2, lanes)."""
    for row in range(0, biquads.shape[0], 2):
        _run_pair(tile, biquads[row : row + 2], states[row : row + 2])


@kernel
def _run_pair(tile: Floats, pair: Floats, state: Floats) -> None:
    b0, b1, b2, a1, a2 = pair[0]
    c0, c1, c2, d1, d2 = pair[1]
    p, q, r, s = state[0, 0], state[0, 1], state[1, 0], state[1, 1]
    for frame in range(tile.shape[0]):
        row = tile[frame]
        for lane in range(LANES):
            value = row[lane]
            y = b0 * value + p[lane]
            p[lane] = (b1 * value + q[lane]) - a1 * y
            q[lane] = b2 * value - a2 * y
            z = c0 * y + r[lane]
            r[lane] = (c1 * y + s[lane]) - d1 * z
            s[lane] = c2 * y - d2 * z
            row[lane] = z
    _forget(state)


@kernel
def _forget(state: Floats) -> None:
    """Empty what is all but empty: silence stays silence, and tiny numbers are slow."""
    flat = state.reshape(-1)
    for place in range(flat.shape[0]):
        flat[place] = 0.0 if abs(flat[place]) < _NOTHING else flat[place]
