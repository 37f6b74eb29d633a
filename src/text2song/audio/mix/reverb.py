"""The shared room: a feedback delay network with a decay per frequency, linear, so every stem carries its own part.

Jot and Chaigne 1991, "Digital delay networks for designing artificial reverberators": delay lines of incommensurate
lengths, a lossless mixing matrix, and in each line the loss that makes every line die at the same rate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.filters import high_shelf, highpass, paired, run_pair
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel

#: Delay-line lengths in frames: primes between 25 and 75 ms, left lines and right lines in turn.
_LINES = (1117, 1249, 1453, 1571, 1789, 1913, 2141, 2297, 2473, 2659, 2879, 3203)
#: All-pass diffusers before the network, per side, in frames: primes that differ between the sides for width.
_DIFFUSERS = ((149, 307, 461), (163, 281, 503))
_RING, _DIFFUSER_RING = 4096, 512
#: Frames that go through the network at a time: no line and no diffuser is shorter.
_BLOCK = 128
#: A room quieter than this (−130 dBFS) has rung out.
_INAUDIBLE = 3e-7
_PREDELAY = round(0.018 * SAMPLE_RATE)
#: Above this frequency the room decays at `_BRIGHT_SHARE` of its reverberation time: air and curtains.
_DAMPING_HZ = 5200.0
_BRIGHT_SHARE = 0.42
#: Below this nothing is sent: a room full of bass is mud.
_SEND_HIGHPASS_HZ = 180.0


def reverberate(audio: Stereo, seconds: float, gain: float, *, dry: float = 1.0) -> None:
    """Add to `audio`, in place, its sound in a room whose RT60 is `seconds`, `gain` times about as loud as itself.

    `dry` is what is left of the sound itself. Linear and time-invariant: the room of a sum is the sum of the rooms.
    """
    send = paired((highpass(_SEND_HIGHPASS_HZ), high_shelf(9000.0, -3.0)))
    lengths = np.asarray(_LINES, dtype=np.int64)
    diffusers = np.asarray(_DIFFUSERS, dtype=np.int64)
    losses = _losses(lengths, max(0.1, seconds))
    # The network's energy grows with its decay time; measured on noise, this keeps the wet level within 1 dB.
    wet = gain * 0.9 * max(0.1, seconds) ** -0.76
    _network(audio, send, lengths, losses, diffusers, np.asarray((dry, wet), np.float32))


def _losses(lengths: NDArray[np.int64], seconds: float) -> NDArray[np.float32]:
    """Return the gain on the way in, the damping pole and the memory of every line, so that all lines decay alike."""
    travel = lengths / SAMPLE_RATE
    low = 10 ** (-3 * travel / seconds)
    high = 10 ** (-3 * travel / (seconds * _BRIGHT_SHARE))
    # A one-pole low-pass (1 − p) / (1 − p z⁻¹) scaled to `low` at 0 Hz; p is found so that it gives `high` at the
    # damping frequency: |H|² = (1 − p)² / (1 − 2 p cos ω + p²) = ratio².
    ratio = (high / low) ** 2
    cosine = np.cos(2 * np.pi * _DAMPING_HZ / SAMPLE_RATE)
    half = (1 - ratio * cosine) / (1 - ratio)
    pole = half - np.sqrt(half**2 - 1)
    return np.stack((low * (1 - pole), pole, np.zeros(lengths.size))).astype(np.float32)


@kernel
def _network(
    audio: Stereo,
    send: NDArray[np.float64],
    lengths: NDArray[np.int64],
    losses: NDArray[np.float32],
    diffusers: NDArray[np.int64],
    gains: NDArray[np.float32],
) -> None:
    frames, lines = audio.shape[0], lengths.shape[0]
    # Rings whose first block is repeated at the end, so that a block read anywhere lies in one piece.
    buffers = np.zeros((lines, _RING + _BLOCK), np.float32)
    passes = np.zeros((2, diffusers.shape[1], _DIFFUSER_RING + _BLOCK), np.float32)
    waiting = np.zeros((2, _DIFFUSER_RING * 2), np.float32)
    inputs, heard = np.zeros((2, _BLOCK), np.float32), np.zeros((2, _BLOCK), np.float32)
    block, state = np.zeros((_BLOCK, 2), np.float32), np.zeros((2, 4))
    calm, quiet = _RING, _PREDELAY + _BLOCK
    for start in range(0, frames, _BLOCK):
        size = min(_BLOCK, frames - start)
        quiet = 0 if _take_block(audio, start, size, block) else quiet + _BLOCK
        # Silence into a send that has passed on all it had; the filter's own ringing is far below hearing by then.
        if quiet <= _PREDELAY + _BLOCK:
            run_pair(block, send, state)
            calm = 0
        else:
            block[:], state[:] = 0.0, 0.0
            if calm >= _RING:
                # Silence into a room that has rung out.
                _keep(audio, start, size, gains[0])
                continue
        _delay_block(block, waiting, start, inputs)
        for side in range(2):
            for stage in range(diffusers.shape[1]):
                _diffuse(inputs[side], passes[side, stage], diffusers[side, stage], start)
        _recirculate(inputs, buffers, lengths, losses, start, heard)
        loudest = _add_block(audio, start, size, heard, gains)
        calm = calm + _BLOCK if loudest < _INAUDIBLE else 0
        if calm >= _RING:
            buffers[:], passes[:], losses[2], waiting[:] = 0.0, 0.0, 0.0, 0.0


@kernel
def _take_block(audio: Stereo, start: int, size: int, block: Stereo) -> bool:
    """Copy a block of the sound; say whether there is any in it."""
    sound = False
    for index in range(_BLOCK):
        for side in range(2):
            value = audio[start + index, side] if index < size else np.float32(0.0)
            block[index, side] = value
            sound |= value != 0.0
    return sound


@kernel
def _keep(audio: Stereo, start: int, size: int, dry: np.float32) -> None:
    for index in range(start, start + size):
        audio[index, 0] *= dry
        audio[index, 1] *= dry


@kernel
def _add_block(audio: Stereo, start: int, size: int, heard: NDArray[np.float32], gains: NDArray[np.float32]) -> float:
    """Add a block of the room to the sound; return its loudest sample."""
    loudest = np.float32(0.0)
    for index in range(size):
        for side in range(2):
            loudest = max(loudest, abs(heard[side, index]))
            audio[start + index, side] = gains[0] * audio[start + index, side] + gains[1] * heard[side, index]
    return np.float64(loudest)


@kernel
def _delay_block(block: Stereo, waiting: NDArray[np.float32], start: int, inputs: NDArray[np.float32]) -> None:
    """Put a block into the pre-delay and take out, channel by channel, the one that went in 18 ms before."""
    mask = waiting.shape[1] - 1
    for index in range(_BLOCK):
        for side in range(2):
            waiting[side, (start + index) & mask] = block[index, side]
            inputs[side, index] = waiting[side, (start + index - _PREDELAY) & mask]


@kernel
def _diffuse(signal: NDArray[np.float32], ring: NDArray[np.float32], length: int, start: int) -> None:
    """One all-pass, in place; no diffuser is shorter than a block, so a block never hears itself."""
    diffusion, tiny = np.float32(0.62), np.float32(1e-15)
    here, there = start & (_DIFFUSER_RING - 1), (start - length) & (_DIFFUSER_RING - 1)
    for index in range(_BLOCK):
        delayed = ring[there + index]
        value = signal[index] - diffusion * delayed + tiny
        ring[here + index] = value
        signal[index] = delayed + diffusion * value
    if here == 0:
        for index in range(_BLOCK):
            ring[_DIFFUSER_RING + index] = ring[index]


@kernel
def _recirculate(
    inputs: NDArray[np.float32],
    buffers: NDArray[np.float32],
    lengths: NDArray[np.int64],
    losses: NDArray[np.float32],
    start: int,
    heard: NDArray[np.float32],
) -> None:
    """One block through all lines: lose, damp, mix and send round again; `heard` becomes what is heard of it."""
    lines = lengths.shape[0]
    damped = np.empty((lines, _BLOCK), np.float32)
    total = np.zeros(_BLOCK, np.float32)
    for index in range(_BLOCK):
        heard[0, index] = heard[1, index] = 0.0
    here = start & (_RING - 1)
    _damp(buffers, lengths, losses, damped, start)
    # Even lines are heard left, odd ones right; signs alternate in pairs, so that neighbouring lines of a side do not
    # add up to a comb.
    for line in range(0, lines, 4):
        a, b, c, d = damped[line], damped[line + 1], damped[line + 2], damped[line + 3]
        for index in range(_BLOCK):
            total[index] += (a[index] + b[index]) + (c[index] + d[index])
            heard[0, index] += a[index] - c[index]
            heard[1, index] += b[index] - d[index]
    share = np.float32(2.0 / lines)
    for line in range(lines):
        into, row, ring = inputs[line & 1], damped[line], buffers[line, here : here + _BLOCK]
        for index in range(_BLOCK):
            ring[index] = row[index] - share * total[index] + into[index]
        if here == 0:
            for index in range(_BLOCK):
                buffers[line, _RING + index] = ring[index]


@kernel
def _damp(
    buffers: NDArray[np.float32], lengths: NDArray[np.int64], losses: NDArray[np.float32], damped: Stereo, start: int
) -> None:
    """Take a block from the end of every line with the line's loss; four lines at a time hide each other's waits."""
    for line in range(0, lengths.shape[0], 4):
        a = buffers[line, (start - lengths[line]) & (_RING - 1) :]
        b = buffers[line + 1, (start - lengths[line + 1]) & (_RING - 1) :]
        c = buffers[line + 2, (start - lengths[line + 2]) & (_RING - 1) :]
        d = buffers[line + 3, (start - lengths[line + 3]) & (_RING - 1) :]
        gain_a, gain_b, gain_c, gain_d = losses[0, line : line + 4]
        pole_a, pole_b, pole_c, pole_d = losses[1, line : line + 4]
        last_a, last_b, last_c, last_d = losses[2, line : line + 4]
        for index in range(_BLOCK):
            last_a = gain_a * a[index] + pole_a * last_a
            last_b = gain_b * b[index] + pole_b * last_b
            last_c = gain_c * c[index] + pole_c * last_c
            last_d = gain_d * d[index] + pole_d * last_d
            damped[line, index] = last_a
            damped[line + 1, index] = last_b
            damped[line + 2, index] = last_c
            damped[line + 3, index] = last_d
        losses[2, line], losses[2, line + 1] = last_a, last_b
        losses[2, line + 2], losses[2, line + 3] = last_c, last_d
