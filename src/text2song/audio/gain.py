"""Gain that moves: a curve with a point every third of a millisecond, straight between its points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel
from text2song.audio.lanes import (
    LANES,
    RUN_UP,
    SEGMENTS,
    TILE,
    TOGETHER,
    Floats,
    beside,
    gather,
    gather_one,
    scatter,
    segment_tiles,
)
from text2song.audio.weighting import BLOCK, TILE_BLOCKS, keep, room_for_energies, weigh

#: Frames from one point of a curve to the next; three make a block of `weighting`, six a tile.
STEP = 15
TILE_STEPS = TILE // STEP


def points(frames: int) -> int:
    """Return how many points a curve over so many frames has: one before each step and one behind the last."""
    return -(-frames // STEP) + 1


def drawn(values: Floats, each: int, count: int) -> Floats:
    """Return so many points straight between `values`, which lie `each` points apart."""
    return _drawn(values, each, count)


def in_blocks(curve: Floats) -> Floats:
    """Return the gain in the middle of each block of `weighting.BLOCK` frames of a curve."""
    each = BLOCK // STEP
    before = curve[each // 2 :: each]
    after = curve[each // 2 + 1 :: each]
    # A last block that is not whole has the gain that the curve ends with.
    blocks = -(-(curve.size - 1) // each)
    middles = np.full(blocks, curve[-1])
    middles[: after.size] = (before[: after.size] + after) / 2
    return middles


def sweep(values: NDArray[np.float32], curve: Floats) -> None:
    """Multiply `values`, float32 (frames,) or (frames, 2), by a curve, in place."""
    _sweep(values.reshape(values.shape[0], -1), curve)


def turned(audio: Stereo, gains: NDArray[np.float32], curve: Floats, out: Stereo) -> tuple[Floats, float]:
    """Set `out` to `audio`, both channels multiplied by `gains`, one per frame, and by a curve.

    Returns its energies as of `weighting.block_energies`, and its greatest sample.
    """
    frames = audio.shape[0]
    length = segment_tiles(frames)
    energies, peaks = room_for_energies(length), np.zeros((SEGMENTS // TOGETHER, LANES))
    padded = np.zeros(SEGMENTS * length * TILE_STEPS + 1)
    padded[: curve.size] = curve
    beside(lambda first: _turn(audio, gains, padded, first, length, out, (energies, peaks[first // TOGETHER])))
    return energies[:, : -(-frames // BLOCK)], float(peaks.max())


@kernel
def _drawn(values: Floats, each: int, count: int) -> Floats:
    out = np.empty(count)
    for start in range(0, count, each):
        gain, slope = values[start // each], (values[start // each + 1] - values[start // each]) / each
        for point in range(start, min(start + each, count)):
            out[point] = gain + slope * (point - start)
    return out


@kernel
def _sweep(values: NDArray[np.float32], curve: Floats) -> None:
    for step in range(curve.shape[0] - 1):
        part = values[step * STEP : (step + 1) * STEP]
        gain, slope = curve[step], (curve[step + 1] - curve[step]) / STEP
        for frame in range(part.shape[0]):
            for column in range(part.shape[1]):
                part[frame, column] *= gain + slope * frame


@kernel
def _turn(
    audio: Stereo,
    gains: NDArray[np.float32],
    curve: Floats,
    first: int,
    length: int,
    out: Stereo,
    found: tuple[Floats, Floats],
) -> None:
    energies, peaks = found
    tile, held, line = np.empty((TILE, LANES)), np.empty((TILE, TOGETHER)), np.empty((2, TOGETHER))
    state, sums = np.zeros((4, LANES)), np.empty((TILE_BLOCKS, 2, LANES))
    for number in range(-RUN_UP, length):
        at = first * length + number
        gather(audio, at * TILE, length * TILE, tile)
        gather_one(gains, at * TILE, length * TILE, held)
        for step in range(TILE_STEPS):
            for segment in range(TOGETHER):
                place = max(0, (at + segment * length) * TILE_STEPS + step)
                line[0, segment] = curve[place]
                line[1, segment] = (curve[place + 1] - curve[place]) / STEP
            _turn_rows(tile[step * STEP : (step + 1) * STEP], held[step * STEP : (step + 1) * STEP], line)
        weigh(tile, state, sums)
        if number >= 0:
            scatter(tile, out, at * TILE, length * TILE)
            keep(sums, energies, at, length)
            greatest(tile, peaks)


@kernel
def _turn_rows(rows: Floats, held: Floats, line: Floats) -> None:
    for frame in range(rows.shape[0]):
        row, gain = rows[frame], held[frame]
        for segment in range(TOGETHER):
            now = gain[segment] * (line[0, segment] + line[1, segment] * frame)
            row[2 * segment] *= now
            row[2 * segment + 1] *= now


@kernel
def greatest(rows: Floats, peaks: Floats) -> None:
    """Raise `peaks` (lanes,) to the greatest magnitude of each lane of `rows`."""
    for frame in range(rows.shape[0]):
        row = rows[frame]
        for lane in range(LANES):
            peaks[lane] = max(peaks[lane], abs(row[lane]))
