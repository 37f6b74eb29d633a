"""The shared room: a feedback delay network with a decay per frequency, linear, so every stem carries its own part.

Jot and Chaigne 1991, "Digital delay networks for designing artificial reverberators": delay lines of incommensurate
lengths, a lossless mixing matrix, and in each line the loss that makes every line die at the same rate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import filtered, high_shelf, highpass
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

#: Delay-line lengths in frames: primes between 25 and 75 ms, left lines and right lines in turn.
_LINES = (1117, 1249, 1453, 1571, 1789, 1913, 2141, 2297, 2473, 2659, 2879, 3203)
#: All-pass diffusers before the network, per side, in frames: primes that differ between the sides for width.
_DIFFUSERS = ((149, 307, 461), (163, 281, 503))
_RING, _DIFFUSER_RING = 4096, 512
_PREDELAY_SECONDS = 0.018
#: Above this frequency the room decays at `_BRIGHT_SHARE` of its reverberation time: air and curtains.
_DAMPING_HZ = 5200.0
_BRIGHT_SHARE = 0.42
#: Below this nothing is sent: a room full of bass is mud.
_SEND_HIGHPASS_HZ = 180.0


def reverberate(dry: Stereo, seconds: float) -> Stereo:
    """Return the wet sound alone of `dry` in a room whose RT60 is `seconds`, same frames, about as loud as `dry`.

    Linear and time-invariant: the room of a sum is the sum of the rooms.
    """
    send = filtered(dry, (highpass(_SEND_HIGHPASS_HZ), high_shelf(9000.0, -3.0)))
    lengths = np.asarray(_LINES, dtype=np.int64)
    gains, poles = _losses(lengths, max(0.1, seconds))
    diffusers = np.asarray(_DIFFUSERS, dtype=np.int64)
    wet = _network(send, lengths, gains, poles, diffusers, int(_PREDELAY_SECONDS * SAMPLE_RATE))
    # The network's energy grows with its decay time; measured on noise, this keeps the wet level within 1 dB.
    wet *= np.float32(0.9 * max(0.1, seconds) ** -0.76)
    return wet


def _losses(lengths: NDArray[np.int64], seconds: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return per line the gain at low frequencies and the damping pole, so that all lines decay alike."""
    travel = lengths / SAMPLE_RATE
    low = 10 ** (-3 * travel / seconds)
    high = 10 ** (-3 * travel / (seconds * _BRIGHT_SHARE))
    # A one-pole low-pass (1 − p) / (1 − p z⁻¹) scaled to `low` at 0 Hz; p is found so that it gives `high` at the
    # damping frequency: |H|² = (1 − p)² / (1 − 2 p cos ω + p²) = ratio².
    ratio = (high / low) ** 2
    cosine = np.cos(2 * np.pi * _DAMPING_HZ / SAMPLE_RATE)
    half = (1 - ratio * cosine) / (1 - ratio)
    pole = half - np.sqrt(half**2 - 1)
    return low.astype(np.float32), pole.astype(np.float32)


@kernel
def _network(
    send: Stereo,
    lengths: NDArray[np.int64],
    gains: NDArray[np.float32],
    poles: NDArray[np.float32],
    diffusers: NDArray[np.int64],
    predelay: int,
) -> Stereo:
    frames = send.shape[0]
    lines = lengths.shape[0]
    stages = diffusers.shape[1]
    out = np.zeros((frames, 2), np.float32)
    # Rings of a power of two: a place in any line is the frame number minus its length, masked.
    buffers = np.zeros((lines, _RING), np.float32)
    passes = np.zeros((2, stages, _DIFFUSER_RING), np.float32)
    damped = np.zeros(lines, np.float32)
    inputs = np.zeros(2, np.float32)
    diffusion = np.float32(0.62)
    share = np.float32(2.0 / lines)
    tiny = np.float32(1e-15)
    for frame in range(frames):
        here, there = frame & (_RING - 1), frame & (_DIFFUSER_RING - 1)
        for side in range(2):
            value = send[frame - predelay, side] if frame >= predelay else np.float32(0.0)
            for stage in range(stages):
                delayed = passes[side, stage, (frame - diffusers[side, stage]) & (_DIFFUSER_RING - 1)]
                fresh = value - diffusion * delayed
                passes[side, stage, there] = fresh + tiny
                value = delayed + diffusion * fresh
            inputs[side] = value
        total = left = right = np.float32(0.0)
        for line in range(0, lines, 4):
            # Even lines are heard left, odd ones right; signs alternate in pairs, so that neighbouring lines of a
            # side do not add up to a comb.
            for step in range(4):
                sample = gains[line + step] * buffers[line + step, (frame - lengths[line + step]) & (_RING - 1)]
                damped[line + step] = sample + poles[line + step] * (damped[line + step] - sample)
                total += damped[line + step]
            left += damped[line] - damped[line + 2]
            right += damped[line + 1] - damped[line + 3]
        total *= share
        for line in range(lines):
            buffers[line, here] = damped[line] - total + inputs[line & 1] + tiny
        out[frame, 0] = left
        out[frame, 1] = right
    return out
