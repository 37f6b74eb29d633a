"""Effects that turn: the phaser's moving notches and the rotary loudspeaker of electric organs."""

from __future__ import annotations

from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel

#: Slow swings are worked out once for this many frames.
_SWING = 32
#: The horn takes what lies above, the drum what lies below.
_CROSSOVER_HZ = 800.0
#: The drum turns a little slower than the horn; the horn's mouth passes this far from its axle, seconds of sound.
_DRUM_PACE = 0.87
_HORN_SECONDS = 0.00045
_RING = 256


@kernel
def phaser(signal: NDArray[np.float32], hertz: float, depth: float) -> None:
    """Add to `signal` (channels, frames), in place, itself through six all-passes that sweep 300–2,400 Hz and back."""
    stages = 6
    for channel in range(signal.shape[0]):
        state = np.zeros(stages)
        coefficient = 0.0
        # Right lags left by a quarter turn.
        turn = 0.5 * np.pi * channel
        for frame in range(signal.shape[1]):
            if frame % _SWING == 0:
                sweep = 0.5 + 0.5 * np.sin(2 * np.pi * hertz * frame / SAMPLE_RATE + turn)
                tangent = np.tan(np.pi * 300.0 * 8.0**sweep / SAMPLE_RATE)
                coefficient = (tangent - 1) / (tangent + 1)
            value = np.float64(signal[channel, frame])
            through = value
            for stage in range(stages):
                out = coefficient * through + state[stage]
                state[stage] = through - coefficient * out + 1e-20
                through = out
            signal[channel, frame] = (value + depth * through) / (1 + 0.5 * depth)


@kernel
def rotary(signal: NDArray[np.float32], hertz: float, depth: float) -> NDArray[np.float32]:
    """Return two channels: horn and drum turning `hertz` times a second before two microphones a quarter turn apart.

    The horn comes and goes: its pitch (Doppler), level and brightness move together; the drum moves in level alone.
    """
    frames = signal.shape[1]
    result = np.empty((2, frames), dtype=np.float32)
    ring = np.zeros(_RING)
    split = 1 - np.exp(-2 * np.pi * _CROSSOVER_HZ / SAMPLE_RATE)
    low = 0.0
    swing = _HORN_SECONDS * SAMPLE_RATE
    delay, delay_step = np.zeros(2), np.zeros(2)
    horn, horn_step = np.zeros(2), np.zeros(2)
    drum, drum_step = np.zeros(2), np.zeros(2)
    for frame in range(frames):
        if frame % _SWING == 0:
            for side in range(2):
                now, then = _near(hertz, frame, side), _near(hertz, frame + _SWING, side)
                delay[side] = 2.0 + swing * depth * (1 - now)
                delay_step[side] = swing * depth * (now - then) / _SWING
                horn[side] = 1 - 0.35 * depth * (1 - now)
                horn_step[side] = 0.35 * depth * (then - now) / _SWING
                now, then = _near(_DRUM_PACE * hertz, frame, side), _near(_DRUM_PACE * hertz, frame + _SWING, side)
                drum[side] = 1 - 0.2 * depth * (1 - now)
                drum_step[side] = 0.2 * depth * (then - now) / _SWING
        value = np.float64(signal[0, frame])
        if signal.shape[0] > 1:
            value = 0.5 * (value + signal[1, frame])
        low += split * (value - low)
        ring[frame % _RING] = value - low
        for side in range(2):
            back = int(delay[side])
            part = delay[side] - back
            first, second = ring[(frame - back) % _RING], ring[(frame - back - 1) % _RING]
            result[side, frame] = low * drum[side] + (first + part * (second - first)) * horn[side]
            delay[side] += delay_step[side]
            horn[side] += horn_step[side]
            drum[side] += drum_step[side]
    return result


@kernel
def _near(hertz: float, frame: int, side: int) -> float:
    """Return how near the mouth is to a microphone, −1 … 1."""
    return cos(2 * pi * hertz * frame / SAMPLE_RATE + 0.5 * pi * side)
