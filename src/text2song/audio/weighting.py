"""K-weighting (ITU-R BS.1770-5): the power of a song as loud as the ear has it, a millisecond at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.lanes import LANES, RUN_UP, SEGMENTS, TILE, TOGETHER, beside, gather, segment_tiles

Floats = NDArray[np.float64]

#: Frames of a block: 98 make the 100 ms that loudness is measured in, 2 a tile.
BLOCK = 45
#: Blocks of a tile.
TILE_BLOCKS = TILE // BLOCK


def _k_sections() -> Floats:
    """Return the K-weighting as two biquads (b0, b1, b2, a1, a2) at `SAMPLE_RATE`.

    The analogue prototypes whose bilinear transform at 48 kHz gives the table of BS.1770: a shelf of +4 dB and a
    high-pass at 38 Hz (the same derivation libebur128 documents).
    """
    k = np.tan(np.pi * 1681.974450955533 / SAMPLE_RATE)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0]
    shelf += [2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k = np.tan(np.pi * 38.13547087602444 / SAMPLE_RATE)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return np.asarray([shelf, [1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])


K_SECTIONS = _k_sections()


def block_energies(audio: Stereo) -> Floats:
    """Return the energy of each block of `BLOCK` frames, the last filled up with silence: float64 (2, blocks).

    Both channels summed; the first row K-weighted, the second as it is.
    """
    length = segment_tiles(audio.shape[0])
    energies = room_for_energies(length)
    sound = np.ascontiguousarray(audio, dtype=np.float32)
    beside(lambda first: _measured(sound, first, length, energies))
    return energies[:, : -(-audio.shape[0] // BLOCK)]


def room_for_energies(length: int) -> Floats:
    """Return room for the energies of all blocks of segments of so many tiles, (2, blocks)."""
    return np.empty((2, SEGMENTS * length * TILE_BLOCKS))


@kernel
def _measured(audio: Stereo, first: int, length: int, energies: Floats) -> None:
    tile, state, sums = np.empty((TILE, LANES)), np.zeros((4, LANES)), np.empty((TILE_BLOCKS, 2, LANES))
    for number in range(-RUN_UP, length):
        gather(audio, (first * length + number) * TILE, length * TILE, tile)
        weigh(tile, state, sums)
        if number >= 0:
            keep(sums, energies, first * length + number, length)


@kernel
def weigh(tile: Floats, state: Floats, sums: Floats) -> None:
    """Set `sums` (blocks, 2, lanes) to the energies, K-weighted and plain; `state` (4, lanes) is what filters keep."""
    for block in range(TILE_BLOCKS):
        _weigh(tile[block * BLOCK : (block + 1) * BLOCK], K_SECTIONS, state, sums[block])
    for row in range(4):
        # Keeps the memory of silence out of the slow range of tiny numbers.
        for lane in range(LANES):
            state[row, lane] += 1e-30


@kernel
def keep(sums: Floats, energies: Floats, at: int, length: int) -> None:
    """Put the energies of a tile, both channels summed, in their places; its first segment's is the song's `at`."""
    for lane in range(TOGETHER):
        place = (at + lane * length) * TILE_BLOCKS
        for block in range(TILE_BLOCKS):
            for kind in range(2):
                energies[kind, place + block] = sums[block, kind, 2 * lane] + sums[block, kind, 2 * lane + 1]


@kernel
def _weigh(rows: Floats, sections: Floats, state: Floats, sums: Floats) -> None:
    b0, b1, b2, a1, a2 = sections[0]
    c0, c1, c2, d1, d2 = sections[1]
    p, q, r, s = state[0], state[1], state[2], state[3]
    weighted, plain = sums[0], sums[1]
    sums[:] = 0.0
    for frame in range(rows.shape[0]):
        row = rows[frame]
        for lane in range(LANES):
            value = row[lane]
            y = b0 * value + p[lane]
            p[lane] = (b1 * value + q[lane]) - a1 * y
            q[lane] = b2 * value - a2 * y
            z = c0 * y + r[lane]
            r[lane] = (c1 * y + s[lane]) - d1 * z
            s[lane] = c2 * y - d2 * z
            plain[lane] += value * value
            weighted[lane] += z * z
