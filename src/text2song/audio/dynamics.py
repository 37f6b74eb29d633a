"""Level over time: a compressor with block-rate control and a look-ahead limiter whose gain never comes too late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

Gains = NDArray[np.float32]

#: The compressor looks at blocks of this many frames (0.36 ms) and ramps its gain across each.
_BLOCK = 16
#: Less gain reduction than this is none.
_NOTHING_DB = 1e-4
#: A limiter this close to unity has let go.
_AT_REST = 1.0 - 1e-5


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
    block = _BLOCK / SAMPLE_RATE
    figures = (
        1.0 - 1.0 / max(1.0, settings.ratio),
        max(0.1, settings.knee_db) / 2,
        1.0 - float(np.exp(-block / max(1e-4, settings.attack_seconds))),
        1.0 - float(np.exp(-block / max(1e-4, settings.release_seconds))),
    )
    # Logarithm and exponential of all blocks at once run as vectors; what lies between them cannot.
    levels = block_peaks(audio, _BLOCK).astype(np.float64)
    np.maximum(levels, 1e-6, out=levels)
    np.log10(levels, out=levels)
    levels *= 20
    levels -= settings.threshold_db
    _reduce(levels, np.asarray(figures))
    levels *= -np.log(10) / 20
    np.exp(levels, out=levels)
    _ramp(audio, levels)


def block_peaks(audio: Stereo, block: int) -> Gains:
    """Return the greatest magnitude of either channel in each block of so many frames, float32 (blocks,)."""
    # Magnitudes have the order of their bits as whole numbers, whose greatest is found many at a time.
    bits = np.ascontiguousarray(audio, dtype=np.float32).reshape(-1).view(np.int32)
    return np.asarray(_greatest_bits(bits, 2 * block).view(np.float32))


def limiter_gains(peaks: Gains, ceiling: float, lookahead: float, release: float) -> Gains:
    """Return per frame the gain that keeps `peaks` (linear, one per frame) at or under `ceiling`.

    The gain falls over `lookahead` seconds before a peak and comes back over `release` seconds: a running minimum
    of what is needed, released exponentially, then averaged over the look-ahead, so it never rises above the need.
    """
    window = max(1, round(lookahead * SAMPLE_RATE))
    back = 1.0 - float(np.exp(-1.0 / max(1.0, release * SAMPLE_RATE)))
    return _limit(np.ascontiguousarray(peaks, dtype=np.float32), np.float32(ceiling), window, back)


def hold_peaks(audio: Stereo, ceiling: float, lookahead: float, release: float) -> bool:
    """Limit both channels of `audio` alike, in place, at `ceiling` (linear); say whether there was need to."""
    peaks = _frame_peaks(audio)
    if float(peaks.max(initial=0.0)) <= ceiling:
        return False
    turn_down(audio, limiter_gains(peaks, ceiling, lookahead, release))
    return True


@kernel
def turn_down(audio: Stereo, gains: Gains) -> None:
    """Multiply both channels by a gain per frame, in place."""
    for frame in range(audio.shape[0]):
        audio[frame, 0] *= gains[frame]
        audio[frame, 1] *= gains[frame]


@kernel
def turned(audio: Stereo, gains: Gains, out: Stereo) -> None:
    """Set `out` to `audio`, both channels multiplied by a gain per frame."""
    for frame in range(audio.shape[0]):
        out[frame, 0] = audio[frame, 0] * gains[frame]
        out[frame, 1] = audio[frame, 1] * gains[frame]


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
def _limit(peaks: Gains, ceiling: np.float32, window: int, back: float) -> Gains:
    frames = peaks.shape[0]
    # Rings: what is needed in the last window + 1 frames, and the rising row of its minima.
    span = window + 2
    queue, needs = np.empty(span, np.int64), np.ones(span, np.float32)
    gains = np.ones(frames, np.float32)
    # `recent` holds the last `window` released minima; their mean is the gain `window` frames earlier.
    recent = np.ones(window, np.float64)
    total = float(window)
    released = 1.0
    head = tail = frame = 0
    calm = window
    while frame < frames + window:
        if calm >= window:
            # At rest: every gain is one until the next peak that needs less.
            frame = _next_peak(peaks, ceiling, frame)
            if frame == frames:
                break
            head = tail = 0
            total = float(window)
        need = np.float32(1.0)
        if frame < frames and peaks[frame] > ceiling:
            need = ceiling / peaks[frame]
        needs[frame % span] = need
        while tail > head and needs[queue[(tail - 1) % span] % span] >= need:
            tail -= 1
        queue[tail % span] = frame
        tail += 1
        # A minimum over window + 1 frames: averaging over the window must still see the peak at its own frame.
        if queue[head % span] < frame - window:
            head += 1
        least = np.float64(needs[queue[head % span] % span])
        released = least if least < released else released + back * (least - released)
        released = 1.0 if released > _AT_REST else released
        calm = calm + 1 if released == 1.0 else 0
        total += released - recent[frame % window]
        recent[frame % window] = released
        if frame >= window:
            gains[frame - window] = min(1.0, total / window)
        frame += 1
    return gains


@kernel
def _next_peak(peaks: Gains, ceiling: np.float32, start: int) -> int:
    frame = start
    while frame < peaks.shape[0] and peaks[frame] <= ceiling:
        frame += 1
    return frame
