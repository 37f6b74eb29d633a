"""The shared echo: a tempo-locked ping-pong delay, darker with each repeat, linear like the room."""

from __future__ import annotations

import numpy as np

from text2song.audio.filters import filtered, highpass, lowpass
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

_SEND_HIGHPASS_HZ = 250.0
_SEND_LOWPASS_HZ = 6500.0
#: Corner of the low-pass inside the loop, as a one-pole coefficient: about 4 kHz.
_LOOP_COEFFICIENT = 0.45


def echo(dry: Stereo, seconds: float, feedback: float) -> Stereo:
    """Return the echoes alone of `dry`, same frames: first left, then right, `seconds` apart, each by `feedback`.

    `feedback` is kept below 0.9, so that echoes always die away.
    """
    send = filtered(dry, (highpass(_SEND_HIGHPASS_HZ), lowpass(_SEND_LOWPASS_HZ)))
    frames = max(1, round(seconds * SAMPLE_RATE))
    return _ping_pong(send, frames, np.float32(min(max(feedback, 0.0), 0.9)), np.float32(_LOOP_COEFFICIENT))


@kernel
def _ping_pong(send: Stereo, delay: int, feedback: np.float32, coefficient: np.float32) -> Stereo:
    frames = send.shape[0]
    out = np.zeros((frames, 2), np.float32)
    low_left = low_right = np.float32(0.0)
    half = np.float32(0.5)
    tiny = np.float32(1e-15)
    for frame in range(delay, frames):
        before = frame - delay
        into = half * (send[before, 0] + send[before, 1])
        low_left += coefficient * (out[before, 1] - low_left) + tiny
        low_right += coefficient * (out[before, 0] - low_right) + tiny
        out[frame, 0] = into + feedback * low_left
        out[frame, 1] = feedback * low_right
    return out
