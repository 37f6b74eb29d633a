"""Where a stem stands between the loudspeakers: width, spread of mono recordings, mono bass, pan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import filtered, highpass
from text2song.audio.instrument import Stereo

#: A recording whose side is this far below its middle counts as mono and may be spread.
_MONO_RATIO = 10 ** (-22 / 20)
#: Frames by which copies of the middle are late in the added side signal: 9–23 ms, primes, alternating in sign.
_SPREAD_TAPS = ((397, 1.0), (547, -0.8), (761, 0.65), (1013, -0.5))
_SPREAD_HIGHPASS_HZ = 220.0

Mono = NDArray[np.float32]


def placed(audio: Stereo, pan: float, width: float, *, mono_below_hz: float = 0.0, spread: float = 0.0) -> Stereo:
    """Return `audio` at `pan` (−1 left … 1 right) with its side signal scaled by `width`.

    The middle is panned with constant power and keeps its level at the centre. A mono recording is given a side
    signal of `spread` × `width`, made of late copies of itself, which vanishes when the mix is summed to mono.
    """
    middle = (audio[:, 0] + audio[:, 1]) * np.float32(0.5)
    side = (audio[:, 0] - audio[:, 1]) * np.float32(0.5)
    if spread > 0 and float(np.abs(side).max(initial=0.0)) <= _MONO_RATIO * float(np.abs(middle).max(initial=0.0)):
        side = side + _decorrelated(middle) * np.float32(0.5 * spread)
    if mono_below_hz > 0 and side.any():
        side = _highpassed(side, mono_below_hz)
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    left, right = np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)
    # A stem far to one side has no room for its full width.
    side = side * np.float32(max(0.0, width) * (1 - 0.5 * abs(pan)))
    return np.stack((np.float32(left) * middle + side, np.float32(right) * middle - side), axis=1)


def _decorrelated(middle: Mono) -> Mono:
    clean = _highpassed(middle, _SPREAD_HIGHPASS_HZ)
    late = np.zeros_like(clean)
    for frames, gain in _SPREAD_TAPS:
        if frames < clean.size:
            late[frames:] += np.float32(gain) * clean[:-frames]
    return late


def _highpassed(signal: Mono, hertz: float) -> Mono:
    return filtered(np.stack((signal, signal), axis=1), (highpass(hertz),))[:, 0]
