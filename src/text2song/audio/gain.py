"""Gain that moves: a curve with a point every third of a millisecond, straight between its points."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel
from text2song.audio.lanes import LANES, TILE, Floats
from text2song.audio.weighting import BLOCK, block_energies

Gains = NDArray[np.float32]

#: Frames from one point of a curve to the next; three make a block of `weighting`, six a tile.
STEP = 15
TILE_STEPS = TILE // STEP
#: Steps drawn at a time.
_STEPS = 64


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


def sweep(values: Gains, curve: Floats) -> None:
    """Multiply `values`, float32 (frames,) or (frames, 2), by a curve, in place."""
    _sweep(values.reshape(values.shape[0], -1), curve)


def turned(audio: Stereo, gains: Gains, curve: Floats, out: Stereo) -> tuple[Floats, float]:
    """Set `out` to `audio`, both channels multiplied by `gains`, one per frame, and by a curve.

    Returns its energies as of `weighting.block_energies`, and its greatest sample.
    """
    middle = (curve.size - 1) // (2 * _STEPS) * _STEPS
    peaks = np.zeros((2, _STEPS * STEP), np.float32)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(_turn, audio, gains, curve, (middle, curve.size - 1), out, peaks[1])
        _turn(audio, gains, curve, (0, middle), out, peaks[0])
        second.result()
    return block_energies(out), float(peaks.max())


@kernel
def _drawn(values: Floats, each: int, count: int) -> Floats:
    out = np.empty(count)
    for start in range(0, count, each):
        gain, slope = values[start // each], (values[start // each + 1] - values[start // each]) / each
        for point in range(start, min(start + each, count)):
            out[point] = gain + slope * (point - start)
    return out


@kernel
def _sweep(values: Gains, curve: Floats) -> None:
    for step in range(curve.shape[0] - 1):
        part = values[step * STEP : (step + 1) * STEP]
        gain, slope = curve[step], (curve[step + 1] - curve[step]) / STEP
        for frame in range(part.shape[0]):
            for column in range(part.shape[1]):
                part[frame, column] *= gain + slope * frame


@kernel
def _turn(audio: Stereo, gains: Gains, curve: Floats, steps: tuple[int, int], out: Stereo, peaks: Gains) -> None:
    held = np.empty(_STEPS * STEP, np.float32)
    for start in range(steps[0], steps[1], _STEPS):
        first, last = start * STEP, min((start + _STEPS) * STEP, audio.shape[0])
        held[: last - first] = gains[first:last]
        for step in range(start, min(start + _STEPS, steps[1])):
            part, gain = held[(step - start) * STEP : (step - start + 1) * STEP], curve[step]
            slope = (curve[step + 1] - gain) / STEP
            for frame in range(STEP):
                part[frame] *= gain + slope * frame
        source, target = audio[first:last], out[first:last]
        for frame in range(source.shape[0]):
            left, right = source[frame, 0] * held[frame], source[frame, 1] * held[frame]
            target[frame, 0], target[frame, 1] = left, right
            peaks[frame] = max(peaks[frame], abs(left), abs(right))


@kernel
def greatest(rows: Floats, peaks: Floats) -> None:
    """Raise `peaks` (lanes,) to the greatest magnitude of each lane of `rows`."""
    for frame in range(rows.shape[0]):
        row = rows[frame]
        for lane in range(LANES):
            peaks[lane] = max(peaks[lane], abs(row[lane]))
