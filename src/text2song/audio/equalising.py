"""One pass over a song that equalises it and measures, on the way, what the rest of mastering asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text2song.audio.filters import Biquad, paired
from text2song.audio.gain import STEP, TILE_STEPS, greatest
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
    run_pairs,
    scatter,
    segment_tiles,
    silence_behind,
)
from text2song.audio.weighting import BLOCK, TILE_BLOCKS, keep, room_for_energies, weigh


@dataclass(frozen=True, slots=True)
class Equalised:
    """What a song sounds like once it is equalised."""

    #: As of `weighting.block_energies`, (2, blocks).
    energies: Floats
    #: The greatest sample of both channels in each `gain.STEP` frames, (steps,).
    loudest: Floats


def equalise(audio: Stereo, biquads: Sequence[Biquad]) -> Equalised:
    """Run `audio`, float32 (frames, 2), through the biquads in a row, in place, and measure what comes out."""
    rows, length = paired(biquads), segment_tiles(audio.shape[0])
    energies, loudest = room_for_energies(length), np.empty(SEGMENTS * length * TILE_STEPS)
    groups = SEGMENTS // TOGETHER
    states, weighting = np.zeros((groups, rows.shape[0], 2, LANES)), np.zeros((groups, 4, LANES))

    def run_up(first: int) -> None:
        _run_up(audio, first, length, rows, states[first // TOGETHER], weighting[first // TOGETHER])

    def run(first: int) -> None:
        group = first // TOGETHER
        _equalise(audio, first, length, rows, states[group], weighting[group], (energies, loudest))

    # Every run-up is heard before the first frame of any segment is written over.
    beside(run_up)
    beside(run)
    return Equalised(energies[:, : -(-audio.shape[0] // BLOCK)], loudest[: -(-audio.shape[0] // STEP)])


@kernel
def _run_up(audio: Stereo, first: int, length: int, rows: Floats, states: Floats, weighting: Floats) -> None:
    tile, sums = np.empty((TILE, LANES)), np.empty((TILE_BLOCKS, 2, LANES))
    for number in range(-RUN_UP, 0):
        gather(audio, (first * length + number) * TILE, length * TILE, tile)
        run_pairs(tile, rows, states)
        weigh(tile, weighting, sums)


@kernel
def _equalise(
    audio: Stereo,
    first: int,
    length: int,
    rows: Floats,
    states: Floats,
    weighting: Floats,
    found: tuple[Floats, Floats],
) -> None:
    energies, loudest = found
    tile, sums, peaks = np.empty((TILE, LANES)), np.empty((TILE_BLOCKS, 2, LANES)), np.empty(LANES)
    for number in range(length):
        at = first * length + number
        gather(audio, at * TILE, length * TILE, tile)
        run_pairs(tile, rows, states)
        silence_behind(tile, audio.shape[0], at * TILE, length * TILE)
        scatter(tile, audio, at * TILE, length * TILE)
        weigh(tile, weighting, sums)
        keep(sums, energies, at, length)
        for step in range(TILE_STEPS):
            peaks[:] = 0.0
            greatest(tile[step * STEP : (step + 1) * STEP], peaks)
            for segment in range(TOGETHER):
                place = (at + segment * length) * TILE_STEPS + step
                loudest[place] = max(peaks[2 * segment], peaks[2 * segment + 1])
