"""The voice: one sample played with its envelopes, oscillators, filter and pan, added to a stereo buffer.

Everything that changes within a note is computed once per block of 32 frames (0.7 ms); gains are ramped inside it.
All functions live in one file because the compiled cache watches one file per kernel.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
#: Steps for which wide weights exist; a voice takes the first that is not below its own.
FAST_STEPS = (1.25, 1.6, 2.0, 2.6, 3.4, 4.5, 6.0, 8.0, 11.0, 16.0)

_SILENCE = 1e-5
_NEPERS_PER_DB = math.log(10.0) / 20.0

#: One voice, times in frames from its onset, rates per frame.
VOICE = np.dtype(
    [(name, np.float64) for name in (
        "onset", "held", "position", "step", "end", "wrap", "loop_length", "tail_shift", "tail_end", "wide",
        "left", "right", "attack", "hold", "decay_rate", "sustain_db", "release_rate", "damp", "damp_rate",
        "mod_delay", "mod_attack", "mod_hold", "mod_decay_rate", "mod_sustain", "mod_release_rate",
        "mod_to_pitch", "mod_to_cutoff", "lfo_delay", "lfo_rate", "lfo_to_pitch", "lfo_to_cutoff", "lfo_to_db",
        "vibrato_delay", "vibrato_rate", "vibrato_to_pitch", "cutoff", "resonance_db", "filtered", "moving",
    )]
)  # fmt: skip

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@kernel
def render_voices(voices: NDArray[np.void], data: Floats, narrow: Floats, wide: Floats, out: Floats) -> None:
    """Add each voice of `voices` (`VOICE` records), all reading `data`, to `out` (frames, 2)."""
    block = np.empty(BLOCK, np.float32)
    # b0, a1, a2, then the two delays of the filter.
    filter_ = np.zeros(5, np.float64)
    for index in range(voices.shape[0]):
        filter_[3] = 0.0
        filter_[4] = 0.0
        _play(voices[index], data, narrow, wide, out, block, filter_)


@kernel
def _play(voice: Any, data: Floats, narrow: Floats, wide: Floats, out: Floats, block: Floats, filter_: Doubles) -> None:
    frame = int(voice["onset"])
    position, step = voice["position"], voice["step"]
    loop_length, end = voice["loop_length"], voice["end"]
    tail = voice["tail_shift"]
    loudness = max(voice["left"], voice["right"])
    age, before, cutoff, last_cutoff = 0.0, _level(voice, 0.0), voice["cutoff"], -1.0
    while frame < out.shape[0]:
        count = min(BLOCK, out.shape[0] - frame)
        after = _level(voice, age + count)
        if voice["moving"] > 0.0:
            step, cutoff, gain = _movement(voice, age + 0.5 * count)
            after *= gain
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
            if cutoff != last_cutoff:
                _tune(filter_, cutoff, voice["resonance_db"])
                last_cutoff = cutoff
            _filter(filter_, block, count)
        _mix(voice, block, count, before, after, out, frame)
        position += count * step
        age += count
        frame += count
        before = after
        if after * loudness < _SILENCE and age > voice["attack"]:
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
    return step, cutoff, math.exp(lfo * voice["lfo_to_db"] * _NEPERS_PER_DB)


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
    for index in range(count):
        at = position + index * step
        whole = int(at)
        row = weights[int((at - whole) * PHASES + 0.5)]
        first = whole - 3
        one = data[first] * row[0] + data[first + 4] * row[4]
        two = data[first + 1] * row[1] + data[first + 5] * row[5]
        three = data[first + 2] * row[2] + data[first + 6] * row[6]
        four = data[first + 3] * row[3] + data[first + 7] * row[7]
        block[index] = (one + three) + (two + four)


@kernel
def _read_wide(data: Floats, position: float, step: float, weights: Floats, block: Floats, count: int) -> None:
    for index in range(count):
        at = position + index * step
        whole = int(at)
        row = int((at - whole) * PHASES + 0.5)
        total = np.float32(0.0)
        for tap in range(WIDE):
            total += data[whole - 7 + tap] * weights[row, tap]
        block[index] = total


@kernel
def _tune(filter_: Doubles, cutoff: float, resonance_db: float) -> None:
    """Set the coefficients of a two-pole low-pass (R. Bristow-Johnson, "Audio EQ Cookbook").

    A resonance of 0 dB is the flat Butterworth response; the gain falls by half the resonance (specification, 8.1.3).
    """
    hertz = min(max(8.1757989 * 2.0 ** (cutoff / 1200.0), 20.0), 19_800.0)
    angle = 2.0 * math.pi * hertz / 44_100.0
    quality = math.exp((resonance_db - 3.0103) * _NEPERS_PER_DB)
    alpha = math.sin(angle) / (2.0 * quality)
    scale = 1.0 / (1.0 + alpha)
    filter_[0] = (1.0 - math.cos(angle)) * 0.5 * scale * math.exp(-0.5 * resonance_db * _NEPERS_PER_DB)
    filter_[1] = -2.0 * math.cos(angle) * scale
    filter_[2] = (1.0 - alpha) * scale


@kernel
def _filter(filter_: Doubles, block: Floats, count: int) -> None:
    b0, a1, a2, one, two = filter_[0], filter_[1], filter_[2], filter_[3], filter_[4]
    for index in range(count):
        sample = block[index] * b0
        result = sample + one
        one = 2.0 * sample - a1 * result + two
        two = sample - a2 * result
        block[index] = result
    filter_[3] = one
    filter_[4] = two


@kernel
def _mix(voice: Any, block: Floats, count: int, before: float, after: float, out: Floats, frame: int) -> None:
    slope = np.float32((after - before) / count)
    start, to_left, to_right = np.float32(before), np.float32(voice["left"]), np.float32(voice["right"])
    for index in range(count):
        sample = block[index] * (start + slope * np.float32(index))
        out[frame + index, 0] += sample * to_left
        out[frame + index, 1] += sample * to_right
