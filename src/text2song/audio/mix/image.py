"""Where a stem stands between the loudspeakers: width, spread of mono recordings, mono bass, pan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import highpass
from text2song.audio.instrument import Stereo
from text2song.audio.jit import kernel

#: A recording whose side is this far below its middle counts as mono and may be spread.
_MONO_RATIO = 10 ** (-22 / 20)
#: Frames by which copies of the middle are late in the added side signal: 9–23 ms, primes, alternating in sign.
_SPREAD_LATE = (397, 547, 761, 1013)
_SPREAD_GAINS = (1.0, -0.8, 0.65, -0.5)
_SPREAD_HIGHPASS_HZ = 220.0
#: Frames of the middle that are kept: a power of two above the longest lateness.
_RING = 1024
_INAUDIBLE = 1e-9


def place(audio: Stereo, pan: float, width: float, *, mono_below_hz: float = 0.0, spread: float = 0.0) -> None:
    """Put `audio` at `pan` (−1 left … 1 right) with its side signal scaled by `width`, in place.

    The middle is panned with constant power and keeps its level at the centre. A mono recording is given a side
    signal of `spread` × `width`, made of late copies of itself, which vanishes when the mix is summed to mono.
    """
    middle, side = _heights(audio)
    spread = 0.5 * spread if side <= _MONO_RATIO * middle else 0.0
    if side == 0.0 and spread == 0.0:
        mono_below_hz = 0.0
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    left, right = np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)
    # A stem far to one side has no room for its full width.
    width = max(0.0, width) * (1 - 0.5 * abs(pan))
    if spread == 0.0 and mono_below_hz == 0.0:
        _pan(audio, float(left), float(right), width)
        return
    figures = (left, right, width, spread, float(mono_below_hz > 0))
    filters = np.asarray((highpass(_SPREAD_HIGHPASS_HZ), highpass(max(mono_below_hz, 1.0))))
    late, gains = np.asarray(_SPREAD_LATE), np.asarray(_SPREAD_GAINS)
    _place(audio, np.asarray(figures), filters, late, gains)


@kernel
def _heights(audio: Stereo) -> tuple[float, float]:
    """Return the peaks of the middle and of the side."""
    middle = side = np.float32(0.0)
    for frame in range(audio.shape[0]):
        middle = max(middle, abs(audio[frame, 0] + audio[frame, 1]))
        side = max(side, abs(audio[frame, 0] - audio[frame, 1]))
    return 0.5 * np.float64(middle), 0.5 * np.float64(side)


@kernel
def _pan(audio: Stereo, left: float, right: float, width: float) -> None:
    """Place what needs no filter: what each channel is made of, in one go."""
    a, b = np.float32((left + width) / 2), np.float32((left - width) / 2)
    c, d = np.float32((right - width) / 2), np.float32((right + width) / 2)
    for frame in range(audio.shape[0]):
        one, other = audio[frame, 0], audio[frame, 1]
        audio[frame, 0] = a * one + b * other
        audio[frame, 1] = c * one + d * other


@kernel
def _place(
    audio: Stereo,
    figures: NDArray[np.float64],
    filters: NDArray[np.float64],
    late: NDArray[np.int64],
    gains: NDArray[np.float64],
) -> None:
    left, right, width, spread, mono_lows = figures[0], figures[1], figures[2], figures[3], figures[4] > 0
    ring = np.zeros(_RING)
    first = second = third = fourth = 0.0
    for frame in range(audio.shape[0]):
        if frame & (_RING - 1) == 0 and max(abs(first), abs(second), abs(third), abs(fourth)) < _INAUDIBLE:
            # Silence stays exactly that, and the filters never run on tiny numbers.
            first = second = third = fourth = 0.0
        middle = 0.5 * (np.float64(audio[frame, 0]) + audio[frame, 1])
        side = 0.5 * (np.float64(audio[frame, 0]) - audio[frame, 1])
        if spread > 0:
            clean = filters[0, 0] * middle + first
            first = filters[0, 1] * middle - filters[0, 3] * clean + second
            second = filters[0, 2] * middle - filters[0, 4] * clean
            ring[frame & (_RING - 1)] = clean
            copies = 0.0
            for tap in range(late.shape[0]):
                copies += gains[tap] * ring[(frame - late[tap]) & (_RING - 1)]
            side += spread * copies
        if mono_lows:
            high = filters[1, 0] * side + third
            third = filters[1, 1] * side - filters[1, 3] * high + fourth
            fourth = filters[1, 2] * side - filters[1, 4] * high
            side = high
        side *= width
        audio[frame, 0] = left * middle + side
        audio[frame, 1] = right * middle - side
