"""Level over time: a compressor with block-rate control and a look-ahead limiter whose gain never comes too late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.gain import STEP
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.lanes import SEGMENTS, TOGETHER, Floats, beside, gather_one, scatter_one

Gains = NDArray[np.float32]

#: The compressor looks at blocks of this many frames (0.36 ms) and ramps its gain across each.
_BLOCK = 16
#: Less gain reduction than this is none.
_NOTHING_DB = 1e-4
#: A limiter this close to unity has let go.
_AT_REST = 1.0 - 1e-5
#: Times of release after which a limiter has forgotten where it began (−130 dB).
_FORGOTTEN = 15


@dataclass(frozen=True, slots=True)
class Compression:
    """How a compressor works."""

    threshold_db: float
    ratio: float
    attack_seconds: float
    release_seconds: float
    knee_db: float = 8.0


def compress(audio: Stereo, settings: Compression) -> None:
    """Turn both channels of `audio` down alike, in place, where their power passes the threshold."""
    _ramp(audio, _block_gains(block_peaks(audio, _BLOCK), settings, _BLOCK))


def compression_curve(loudest: Floats, settings: Compression) -> Floats:
    """Return what `compress` turns by as a curve of `audio.gain`; `loudest` is the greatest sample of each step."""
    return np.concatenate((np.ones(1), _block_gains(loudest, settings, STEP)))


def block_peaks(audio: Stereo, block: int) -> Gains:
    """Return the greatest magnitude of either channel in each block of so many frames, float32 (blocks,)."""
    # Magnitudes have the order of their bits as whole numbers, whose greatest is found many at a time.
    bits = np.ascontiguousarray(audio, dtype=np.float32).reshape(-1).view(np.int32)
    return np.asarray(_greatest_bits(bits, 2 * block).view(np.float32))


def _block_gains(peaks: Gains | Floats, settings: Compression, block: int) -> Floats:
    """Return the gain at the end of each block of so many frames."""
    seconds = block / SAMPLE_RATE
    figures = (
        1.0 - 1.0 / max(1.0, settings.ratio),
        max(0.1, settings.knee_db) / 2,
        1.0 - float(np.exp(-seconds / max(1e-4, settings.attack_seconds))),
        1.0 - float(np.exp(-seconds / max(1e-4, settings.release_seconds))),
    )
    # Logarithm and exponential of all blocks at once run as vectors; what lies between them cannot.
    levels = peaks.astype(np.float64)
    np.maximum(levels, 1e-6, out=levels)
    np.log10(levels, out=levels)
    levels *= 20
    levels -= settings.threshold_db
    _reduce(levels, np.asarray(figures))
    levels *= -np.log(10) / 20
    return np.exp(levels, out=levels)


def limiter_gains(peaks: Gains, ceiling: float, lookahead: float, release: float) -> Gains:
    """Return per frame the gain that keeps `peaks` (linear, one per frame) at or under `ceiling`.

    The gain falls over `lookahead` seconds before a peak and comes back over `release` seconds: a running minimum
    of what is needed, released exponentially, then averaged over the look-ahead, so it never rises above the need.
    """
    window = max(1, round(lookahead * SAMPLE_RATE))
    back = 1.0 - float(np.exp(-1.0 / max(1.0, release * SAMPLE_RATE)))
    gains = np.empty(peaks.shape[0], np.float32)
    # Tiles as long as the running minimum, which is then that of two tiles: the rest of one, the beginning of the next.
    length = -(-(peaks.shape[0] + window) // (SEGMENTS * (window + 1)))
    run_up = min(SEGMENTS * length, 2 - round(_FORGOTTEN * release * SAMPLE_RATE) // -(window + 1))
    sound = np.ascontiguousarray(peaks, dtype=np.float32)
    figures = (np.float32(ceiling), window, back)
    beside(lambda first: _limit(sound, first, length, run_up, figures, gains))
    return gains


def hold_peaks(audio: Stereo, ceiling: float, lookahead: float, release: float, gain: float = 1.0) -> bool:
    """Multiply `audio` by `gain` and limit both channels alike at `ceiling` (both linear), in place.

    Says whether there was need to limit.
    """
    peaks, least = _frame_peaks(audio), ceiling / gain
    if float(peaks.max(initial=0.0)) <= least:
        audio *= np.float32(gain)
        return False
    gains = limiter_gains(peaks, least, lookahead, release)
    gains *= np.float32(gain)
    turn_down(audio, gains)
    return True


@kernel
def turn_down(audio: Stereo, gains: Gains) -> None:
    """Multiply both channels by a gain per frame, in place."""
    for frame in range(audio.shape[0]):
        audio[frame, 0] *= gains[frame]
        audio[frame, 1] *= gains[frame]


@kernel
def _frame_peaks(audio: Stereo) -> Gains:
    peaks = np.empty(audio.shape[0], np.float32)
    for frame in range(audio.shape[0]):
        peaks[frame] = max(abs(audio[frame, 0]), abs(audio[frame, 1]))
    return peaks


@kernel
def _greatest_bits(bits: NDArray[np.int32], block: int) -> NDArray[np.int32]:
    blocks = (bits.shape[0] + block - 1) // block
    out = np.empty(blocks, np.int32)
    for index in range(blocks):
        part = bits[index * block : min((index + 1) * block, bits.shape[0])]
        found = np.int32(0)
        for place in range(part.shape[0]):
            found = max(found, part[place] & np.int32(0x7FFFFFFF))
        out[index] = found
    return out


@kernel
def _reduce(levels: NDArray[np.float64], figures: NDArray[np.float64]) -> None:
    """Turn dB over the threshold, block by block, into dB of gain reduction."""
    slope, half, attack, release = figures[0], figures[1], figures[2], figures[3]
    reduction = 0.0
    for block in range(levels.shape[0]):
        over, wanted = levels[block], 0.0
        if over > -half:
            wanted = slope * over if over >= half else slope * (over + half) ** 2 / (4 * half)
        elif reduction < _NOTHING_DB:
            reduction = 0.0
        reduction += (attack if wanted > reduction else release) * (wanted - reduction)
        levels[block] = reduction


@kernel
def _ramp(audio: Stereo, gains: NDArray[np.float64]) -> None:
    """Multiply both channels by a line from each block's gain to the next one's."""
    last = 1.0
    for block in range(gains.shape[0]):
        gain = gains[block]
        if gain == 1.0 and last == 1.0:
            continue
        step = (gain - last) / _BLOCK
        part = audio[block * _BLOCK : min((block + 1) * _BLOCK, audio.shape[0])]
        for frame in range(part.shape[0]):
            now = last + step * (frame + 1)
            part[frame, 0] *= now
            part[frame, 1] *= now
        last = gain


@kernel
def _limit(
    peaks: Gains, first: int, length: int, run_up: int, figures: tuple[np.float32, int, float], gains: Gains
) -> None:
    ceiling, window, back = figures
    span = window + 1
    tile = np.empty((span, TOGETHER), np.float32)
    # What was needed from each row of the tile before to its end, and the minima that were released in it.
    rest, before = np.ones((span + 1, TOGETHER), np.float32), np.ones((span + 1, TOGETHER))
    # The last released minimum, and the sum of the last `window`.
    state = np.ones((2, TOGETHER))
    state[1] = window
    for number in range(-run_up, length):
        start = (first * length + number) * span
        gather_one(peaks, start, length * span, tile)
        _hold(tile, rest, ceiling)
        _release(tile[:1], before, state, back, window)
        # The first of this tile is the last that leaves the window within it.
        before[span] = before[0]
        _release(tile[1:], before[1:], state, back, window)
        if number >= 0:
            scatter_one(tile, gains, start - window, length * span)


@kernel
def _hold(tile: Gains, rest: Gains, ceiling: np.float32) -> None:
    """Turn peaks into the least gain that a tile's length needs; `rest` is what the tile before ended with.

    A minimum over window + 1 frames: averaging over the window must still see the peak at its own frame.
    """
    low = np.ones(TOGETHER, np.float32)
    for frame in range(tile.shape[0]):
        row, earlier, done = tile[frame], rest[frame + 1], rest[frame]
        for segment in range(TOGETHER):
            need = ceiling / max(ceiling, row[segment])
            low[segment] = min(low[segment], need)
            row[segment] = min(low[segment], earlier[segment])
            done[segment] = need
    for frame in range(tile.shape[0] - 2, -1, -1):
        row, later = rest[frame], rest[frame + 1]
        for segment in range(TOGETHER):
            row[segment] = min(row[segment], later[segment])


@kernel
def _release(tile: Gains, before: Floats, state: Floats, back: float, window: int) -> None:
    """Turn minima, once released, into their mean over the window; `before` has those of a tile ago, and gets these."""
    released, total, share = state[0], state[1], 1.0 / window
    for frame in range(tile.shape[0]):
        row, leaving, done = tile[frame], before[frame + 1], before[frame]
        for segment in range(TOGETHER):
            least = np.float64(row[segment])
            now = min(least, released[segment] + back * (least - released[segment]))
            now = 1.0 if now > _AT_REST else now
            total[segment] += now - leaving[segment]
            released[segment] = done[segment] = now
            row[segment] = min(1.0, total[segment] * share)
