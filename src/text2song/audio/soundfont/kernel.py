"""The voice: one sample played with its envelopes, oscillators, filter and pan, added to a stereo buffer.

Everything that changes within a note is computed once per block of 32 frames (0.7 ms); gains are ramped inside it.
All functions live in one file because the compiled cache watches one file per kernel.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text2song.audio.halves import Span
from text2song.audio.jit import kernel

#: Frames between two looks at envelopes and oscillators.
BLOCK = 32
#: Frames kept free around sample data for the interpolation taps.
GUARD = 16
#: Fastest playing: four octaves up.
MAX_STEP = 16.0
#: Positions between two frames for which weights are tabulated.
PHASES = 1024
NARROW, WIDE = 8, 16
_ONE = 2.0**32
_WHOLE, _TO_PHASE, _PHASE_MASK, _HALF_PHASE = np.uint64(32), np.uint64(22), np.uint64(PHASES - 1), np.uint64(1 << 21)
_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7 = (np.uint64(tap) for tap in range(8))
#: Steps for which wide weights exist; a voice takes the first that is not below its own.
FAST_STEPS = (1.25, 1.6, 2.0, 2.6, 3.4, 4.5, 6.0, 8.0, 11.0, 16.0)

#: Below −94 dBFS a voice that only fades is over.
SILENCE = 2e-5
_NEPERS_PER_DB = math.log(10.0) / 20.0

#: One voice, times in frames from its onset, rates per frame.
VOICE = np.dtype(
    [(name, np.float64) for name in (
        "onset", "held", "position", "step", "end", "wrap", "loop_length", "tail_shift", "tail_end", "wide",
        "left", "right", "attack", "hold", "decay_rate", "sustain_db", "release_rate", "damp", "damp_rate",
        "mod_delay", "mod_attack", "mod_hold", "mod_decay_rate", "mod_sustain", "mod_release_rate",
        "mod_to_pitch", "mod_to_cutoff", "lfo_delay", "lfo_rate", "lfo_to_pitch", "lfo_to_cutoff", "lfo_to_db",
        "vibrato_delay", "vibrato_rate", "vibrato_to_pitch", "cutoff", "damping", "filter_gain", "filtered", "moving",
    )]
)  # fmt: skip

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@kernel
def render_voices(
    voices: NDArray[np.void], data: Floats, narrow: Floats, wide: Floats, out: Floats, span: Span
) -> None:
    """Add what falls into `span`, from one frame up to another, of each voice to `out`, float32 of shape (2, frames).

    All of `voices` (`VOICE` records) read `data`.
    """
    block = np.empty(BLOCK, np.float32)
    # b0, a1, a2, then the last two inputs and outputs of the filter.
    filter_ = np.zeros(7, np.float64)
    for index in range(voices.shape[0]):
        filter_[3:] = 0.0
        _play(voices[index], data, (narrow, wide), out, (block, filter_), span)


@kernel
def _play(
    voice: Any,
    data: Floats,
    weights: tuple[Floats, Floats],
    out: Floats,
    machine: tuple[Floats, Doubles],
    span: Span,
) -> None:
    narrow, wide = weights
    block, filter_ = machine
    frame = int(voice["onset"])
    position, step = voice["position"], voice["step"]
    loop_length, end = voice["loop_length"], voice["end"]
    tail = voice["tail_shift"]
    turn, gain = 0, 1.0
    loudness = max(voice["left"], voice["right"])
    age, before, cutoff, last_cutoff = 0.0, _level(voice, 0.0), voice["cutoff"], -1e9
    while frame < span[1]:
        count = min(BLOCK, out.shape[1] - frame)
        after = _level(voice, age + count)
        if voice["moving"] > 0.0 and turn == 0:
            # Every second block: 1.5 ms is fine for what sweeps, and these sines cost as much as the sound.
            step, cutoff, gain = _movement(voice, age + count)
        after *= gain
        turn = 1 - turn
        if tail > 0.0 and age >= voice["held"]:
            position, loop_length, end, tail = _leave_loop(voice, position), 0.0, voice["tail_end"], 0.0
        if loop_length > 0.0 and position >= voice["wrap"]:
            position -= loop_length * (math.floor((position - voice["wrap"]) / loop_length) + 1.0)
        if loop_length == 0.0 and position >= end:
            break
        if voice["wide"] < 0.0:
            _read_narrow(data, position, step, narrow, block, count)
        else:
            _read_wide(data, position, step, wide[int(voice["wide"])], block, count)
        if voice["filtered"] > 0.0:
            if abs(cutoff - last_cutoff) > 2.0:
                _tune(filter_, cutoff, voice["damping"], voice["filter_gain"])
                last_cutoff = cutoff
            _filter(filter_, block, count)
        _mix(voice, block, count, (before, after), out, frame, span)
        position += count * step
        age += count
        frame += count
        before = after
        if after * loudness < SILENCE and age > voice["attack"]:
            break


@kernel
def _leave_loop(voice: Any, position: float) -> float:
    loop_end = voice["wrap"] - GUARD
    if position >= loop_end:
        position -= voice["loop_length"] * (math.floor((position - loop_end) / voice["loop_length"]) + 1.0)
    return float(position + voice["tail_shift"])


@kernel
def _level(voice: Any, age: float) -> float:
    """Return the amplitude of the volume envelope: linear attack, then decay and release straight in decibels."""
    held = min(age, voice["held"])
    level, loss = 1.0, 0.0
    if held < voice["attack"]:
        level = held / voice["attack"]
    else:
        decaying = max(held - voice["attack"] - voice["hold"], 0.0)
        loss = min(decaying * voice["decay_rate"], voice["sustain_db"])
    loss += max(age - voice["held"], 0.0) * voice["release_rate"]
    loss += max(age - voice["damp"], 0.0) * voice["damp_rate"]
    return float(level * math.exp(-loss * _NEPERS_PER_DB)) if loss > 0.0 else float(level)


@kernel
def _movement(voice: Any, age: float) -> tuple[float, float, float]:
    """Return step, cutoff in cents and gain under the modulation envelope and the two oscillators."""
    envelope = _modulation(voice, age)
    lfo = _triangle(age - voice["lfo_delay"], voice["lfo_rate"])
    vibrato = _triangle(age - voice["vibrato_delay"], voice["vibrato_rate"])
    cents = envelope * voice["mod_to_pitch"] + lfo * voice["lfo_to_pitch"] + vibrato * voice["vibrato_to_pitch"]
    step = min(voice["step"] * 2.0 ** (cents / 1200.0), MAX_STEP)
    cutoff = voice["cutoff"] + envelope * voice["mod_to_cutoff"] + lfo * voice["lfo_to_cutoff"]
    gain = math.exp(lfo * voice["lfo_to_db"] * _NEPERS_PER_DB) if voice["lfo_to_db"] != 0.0 else 1.0
    return step, cutoff, gain


@kernel
def _modulation(voice: Any, age: float) -> float:
    held = min(age, voice["held"]) - voice["mod_delay"]
    value = 0.0
    if held >= voice["mod_attack"]:
        decaying = max(held - voice["mod_attack"] - voice["mod_hold"], 0.0)
        value = max(1.0 - decaying * voice["mod_decay_rate"], voice["mod_sustain"])
    elif held > 0.0:
        # The attack of the modulation envelope is convex.
        value = max(1.0 + 40.0 / 96.0 * math.log10(held / voice["mod_attack"]), 0.0)
    return float(max(value - max(age - voice["held"], 0.0) * voice["mod_release_rate"], 0.0))


@kernel
def _triangle(age: float, rate: float) -> float:
    if age <= 0.0:
        return 0.0
    phase = age * rate + 0.25
    return 1.0 - 4.0 * abs(phase - math.floor(phase) - 0.5)


@kernel
def _read_narrow(data: Floats, position: float, step: float, weights: Floats, block: Floats, count: int) -> None:
    # Unsigned fixed-point positions, 32.32 bits: indexing costs half as much as with floats and signs.
    at, stride = np.uint64(position * _ONE) + _HALF_PHASE, np.uint64(step * _ONE)
    for index in range(count):
        first, row = (at >> _WHOLE) - _T3, (at >> _TO_PHASE) & _PHASE_MASK
        one = data[first] * weights[row, _T0] + data[first + _T4] * weights[row, _T4]
        two = data[first + _T1] * weights[row, _T1] + data[first + _T5] * weights[row, _T5]
        three = data[first + _T2] * weights[row, _T2] + data[first + _T6] * weights[row, _T6]
        four = data[first + _T3] * weights[row, _T3] + data[first + _T7] * weights[row, _T7]
        block[index] = (one + three) + (two + four)
        at += stride


@kernel
def _read_wide(data: Floats, position: float, step: float, weights: Floats, block: Floats, count: int) -> None:
    at, stride = np.uint64(position * _ONE) + _HALF_PHASE, np.uint64(step * _ONE)
    for index in range(count):
        first, row = (at >> _WHOLE) - _T7, (at >> _TO_PHASE) & _PHASE_MASK
        total = np.float32(0.0)
        for quarter in range(4):
            tap = np.uint64(4 * quarter)
            one = data[first + tap] * weights[row, tap] + data[first + tap + _T1] * weights[row, tap + _T1]
            two = data[first + tap + _T2] * weights[row, tap + _T2] + data[first + tap + _T3] * weights[row, tap + _T3]
            total += one + two
        block[index] = total
        at += stride


@kernel
def _tune(filter_: Doubles, cutoff: float, damping: float, gain: float) -> None:
    """Set the coefficients of a two-pole low-pass; `damping` is 1/(2Q) (R. Bristow-Johnson, "Audio EQ Cookbook")."""
    angle = min(8.1757989 * 2.0 ** (cutoff / 1200.0), 19_800.0) * (2.0 * math.pi / 44_100.0)
    cosine, alpha = math.cos(angle), math.sin(angle) * damping
    scale = 1.0 / (1.0 + alpha)
    filter_[0] = (1.0 - cosine) * 0.5 * scale * gain
    filter_[1] = -2.0 * cosine * scale
    filter_[2] = (1.0 - alpha) * scale


@kernel
def _filter(filter_: Doubles, block: Floats, count: int) -> None:
    # Direct form I: the shortest chain of operations from one output to the next, and calm under changing coefficients.
    b0, a1, a2 = filter_[0], filter_[1], filter_[2]
    in1, in2, out1, out2 = filter_[3], filter_[4], filter_[5], filter_[6]
    for index in range(count):
        sample = np.float64(block[index])
        result = (b0 * (sample + in2 + 2.0 * in1) - a2 * out2) - a1 * out1
        in2, in1 = in1, sample
        out2, out1 = out1, result
        block[index] = result
    filter_[3], filter_[4], filter_[5], filter_[6] = in1, in2, out1, out2


@kernel
def _mix(
    voice: Any, block: Floats, count: int, levels: tuple[float, float], out: Floats, frame: int, span: Span
) -> None:
    if frame + count <= span[0]:
        return
    before, after = levels
    slope = np.float32((after - before) / count)
    start, to_left, to_right = np.float32(before), np.float32(voice["left"]), np.float32(voice["right"])
    first, last = max(0, span[0] - frame), min(count, span[1] - frame)
    # Counted from zero: where a loop may begin below it, each index would be asked for its sign.
    block = block[first:last]
    left, right = out[0, frame + first : frame + last], out[1, frame + first : frame + last]
    for index in range(len(block)):
        sample = block[index] * (start + slope * np.float32(first + index))
        left[index] += sample * to_left
        right[index] += sample * to_right
