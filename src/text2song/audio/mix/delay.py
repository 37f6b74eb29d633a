"""The shared echo: a tempo-locked ping-pong delay, darker with each repeat, linear like the room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import highpass, lowpass, paired, run_pair
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

_SEND_HIGHPASS_HZ = 250.0
_SEND_LOWPASS_HZ = 6500.0
#: Corner of the low-pass inside the loop, as a one-pole coefficient: about 4 kHz.
_LOOP_COEFFICIENT = 0.45
#: Frames that are filtered on their way in at a time.
_BLOCK = 512
_INAUDIBLE = 1e-8


def echo(audio: Stereo, seconds: float, feedback: float, gain: float, *, dry: float = 1.0) -> None:
    """Add to `audio`, in place, its echoes: first left, then right, `seconds` apart, each by `feedback`.

    The first comes back `gain` times as loud; `dry` is what is left of the sound itself. `feedback` is kept below 0.9,
    so that echoes always die away.
    """
    send = paired((highpass(_SEND_HIGHPASS_HZ), lowpass(_SEND_LOWPASS_HZ)))
    frames = min(max(1, round(seconds * SAMPLE_RATE)), audio.shape[0])
    # What went in and what came out, left and right, of the last `frames` frames.
    ring = np.zeros((frames, 3), np.float32)
    figures = (min(max(feedback, 0.0), 0.9), _LOOP_COEFFICIENT, dry, gain)
    _ping_pong(audio, ring, send, np.asarray(figures, np.float32))


@kernel
def _ping_pong(
    audio: Stereo, ring: NDArray[np.float32], send: NDArray[np.float64], figures: NDArray[np.float32]
) -> None:
    frames = audio.shape[0]
    feedback, coefficient, dry, gain = figures[0], figures[1], figures[2], figures[3]
    low_left = low_right = np.float32(0.0)
    half, faint = np.float32(0.5), np.float32(_INAUDIBLE)
    block, state = np.zeros((_BLOCK, 2), np.float32), np.zeros((2, 4))
    place = 0
    for start in range(0, frames, _BLOCK):
        size = min(_BLOCK, frames - start)
        for index in range(size):
            block[index, 0], block[index, 1] = audio[start + index, 0], audio[start + index, 1]
        run_pair(block[:size], send, state)
        for index in range(size):
            low_left += coefficient * (ring[place, 2] - low_left)
            low_right += coefficient * (ring[place, 1] - low_right)
            left, right = ring[place, 0] + feedback * low_left, feedback * low_right
            # Echoes that nobody hears end, so that what follows may rest.
            left = left if abs(left) > faint else np.float32(0.0)
            right = right if abs(right) > faint else np.float32(0.0)
            ring[place, 0] = half * (block[index, 0] + block[index, 1])
            ring[place, 1], ring[place, 2] = left, right
            place = place + 1 if place + 1 < ring.shape[0] else 0
            audio[start + index, 0] = dry * audio[start + index, 0] + gain * left
            audio[start + index, 1] = dry * audio[start + index, 1] + gain * right
