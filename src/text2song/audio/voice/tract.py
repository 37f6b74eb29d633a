"""The vocal tract: glottal pulses and noise through a cascade of resonators, frication through parallel ones.

After Klatt 1980, "Software for a cascade/parallel formant synthesizer", JASA 67: the cascade gives vowels their formant
amplitudes by itself, the parallel branch gives hissing sounds theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.jit import kernel
from text2song.audio.voice.articulation import HOP, Column
from text2song.audio.voice.glottis import F0_LOW, F0_STEPS, PER_OCTAVE, RD_HIGH, RD_LOW, RD_STEPS, TABLE, tables

_VOICE, _BREATH, _HISS = int(Column.VOICE), int(Column.BREATH), int(Column.HISS)
_F1, _B1, _ZERO, _BANDS = int(Column.F1), int(Column.B1), int(Column.ZERO), int(Column.BANDS)
_NASAL_POLE, _NASAL_WIDTH = 270.0, 100.0
#: Gain of breath on its way through the throat, and the voicing from which the folds gate it.
_ASPIRATION, _VOICED = 1.6, 0.05
_SILENT = 1e-7


@dataclass(frozen=True, slots=True)
class Source:
    """How the vocal folds move, apart from pitch and level."""

    #: Random change of each period's length and strength, as a share.
    jitter: float = 0.004
    shimmer: float = 0.03
    #: 0..1, how much weaker every second period is: growl and rasp.
    subharmonic: float = 0.0
    seed: int = 1


def synthesise(
    tracks: NDArray[np.float64],
    f0: NDArray[np.float64],
    rd: NDArray[np.float64],
    upper: NDArray[np.float64],
    source: Source,
) -> NDArray[np.float64]:
    """Return mono samples at `SAMPLE_RATE`, `HOP` for each frame.

    `tracks` (frames, columns) of `articulation`; `f0` Hz and `rd` (the pulse shape) per frame; `upper` (n, 2) the
    formants above the third as Hz and bandwidth.
    """
    draw = np.random.default_rng(source.seed)
    noise = draw.standard_normal(f0.size * HOP)
    periods = int(np.sum(f0) * HOP / SAMPLE_RATE * 1.1) + 8
    whims = draw.uniform(-1.0, 1.0, (periods, 2)) * np.array([source.jitter, source.shimmer]) + 1.0
    whims[1::2, 1] *= 1.0 - source.subharmonic
    pulses, gates = _glottal(f0, rd, tables(), whims)
    tracks = np.ascontiguousarray(tracks)
    hissing = _excite(tracks, noise, pulses, gates)
    out = _cascade(pulses, tracks, f0, upper)
    _add_parallel(out, hissing, tracks)
    return out


@kernel
def _coefficients(frequency: float, width: float, out: NDArray[np.float64], row: int) -> None:
    """Two-pole resonator of unit gain at 0 Hz."""
    radius = np.exp(-np.pi * width / SAMPLE_RATE)
    out[row, 2] = -radius * radius
    out[row, 1] = 2.0 * radius * np.cos(2.0 * np.pi * frequency / SAMPLE_RATE)
    out[row, 0] = 1.0 - out[row, 1] - out[row, 2]


@kernel
def _band(frequency: float, width: float, gain: float, out: NDArray[np.float64], row: int) -> None:
    """Two-pole resonator that gives white noise of unit power a power of `gain` squared."""
    radius = np.exp(-np.pi * width / SAMPLE_RATE)
    square = radius * radius
    angle = 2.0 * np.pi * frequency / SAMPLE_RATE
    out[row, 2] = -square
    out[row, 1] = 2.0 * radius * np.cos(angle)
    power = (1.0 + square) / ((1.0 - square) * (1.0 + square * square - 2.0 * square * np.cos(2.0 * angle)))
    out[row, 0] = gain / np.sqrt(power)


@kernel
def _glottal(
    f0: NDArray[np.float64], rd: NDArray[np.float64], pulses: NDArray[np.float64], whims: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pulses of unit power, and how far the folds let breath through (about 1), sample by sample."""
    out = np.empty(f0.size * HOP)
    gates = np.empty(f0.size * HOP)
    phase, beat, column = 0.0, 0, F0_STEPS // 2
    for frame in range(f0.size):
        after = min(frame + 1, f0.size - 1)
        place = min(max((rd[frame] - RD_LOW) / (RD_HIGH - RD_LOW) * (RD_STEPS - 1), 0.0), RD_STEPS - 1.001)
        low = int(place)
        part = place - low
        wanted = min(max(int(np.floor(PER_OCTAVE * np.log2(max(f0[frame], 1.0) / F0_LOW))), 0), F0_STEPS - 1)
        for sample in range(HOP):
            pitch = f0[frame] + (f0[after] - f0[frame]) * sample / HOP
            phase += pitch * whims[beat, 0] / SAMPLE_RATE
            if phase >= 1.0:
                phase -= 1.0
                beat = (beat + 1) % whims.shape[0]
                # Another table only where a period begins, or the step would click.
                column = wanted
            index = int(phase * TABLE)
            share = phase * TABLE - index
            following = index + 1 if index + 1 < TABLE else 0
            pressed = pulses[low, column, index] * (1.0 - share) + pulses[low, column, following] * share
            loose = pulses[low + 1, column, index] * (1.0 - share) + pulses[low + 1, column, following] * share
            out[frame * HOP + sample] = whims[beat, 1] * ((1.0 - part) * pressed + part * loose)
            gates[frame * HOP + sample] = 1.3 if phase < 0.55 else 0.45
    return out, gates


@kernel
def _excite(
    tracks: NDArray[np.float64], noise: NDArray[np.float64], pulses: NDArray[np.float64], gates: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn `pulses` into what enters the throat, breath added; return the noise of the parallel branch."""
    hissing = np.empty_like(pulses)
    for frame in range(tracks.shape[0]):
        after = min(frame + 1, tracks.shape[0] - 1)
        for sample in range(HOP):
            at = frame * HOP + sample
            glide = sample / HOP
            voice = (1.0 - glide) * tracks[frame, _VOICE] + glide * tracks[after, _VOICE]
            breath = (1.0 - glide) * tracks[frame, _BREATH] + glide * tracks[after, _BREATH]
            hiss = (1.0 - glide) * tracks[frame, _HISS] + glide * tracks[after, _HISS]
            gate = 1.0 if voice < _VOICED else gates[at]
            hissing[at] = hiss * gate * noise[at]
            pulses[at] = voice * pulses[at] + _ASPIRATION * breath * gate * noise[at]
    return hissing


@kernel
def _tune(row: NDArray[np.float64], f0: float, cascade: NDArray[np.float64]) -> None:
    """Set the first three resonators for one frame, and the nose's zero in the last row but one."""
    for number in range(3):
        frequency = row[_F1 + number]
        # A singer opens the mouth rather than let the pitch rise above the first formant (Sundberg 1975).
        if number == 0 and frequency < 1.02 * f0:
            frequency = 1.02 * f0
        if number == 1 and frequency < row[_F1] + 200.0:
            frequency = row[_F1] + 200.0
        _coefficients(frequency, row[_B1 + number], cascade, number)
    # The side branch of the nose cancels its own pole unless a nasal moves the zero away.
    zero = max(row[_ZERO], _NASAL_POLE)
    _coefficients(zero, _NASAL_WIDTH + 0.12 * (zero - _NASAL_POLE), cascade, cascade.shape[0] - 2)


@kernel
def _cascade(
    source: NDArray[np.float64], tracks: NDArray[np.float64], f0: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.float64]:
    count = 3 + upper.shape[0]
    cascade = np.zeros((count + 2, 3))
    memory = np.zeros((count + 2, 2))
    for number in range(upper.shape[0]):
        _coefficients(upper[number, 0], upper[number, 1], cascade, 3 + number)
    zero, pole = count, count + 1
    _coefficients(_NASAL_POLE, _NASAL_WIDTH, cascade, pole)
    out = np.zeros(source.size)
    for frame in range(tracks.shape[0]):
        block = source[frame * HOP : (frame + 1) * HOP]
        if np.abs(memory).max() < _SILENT and np.abs(block).max() < _SILENT:
            memory[:] = 0.0
            continue
        _tune(tracks[frame], f0[frame], cascade)
        for sample in range(HOP):
            x = block[sample]
            y = (x - cascade[zero, 1] * memory[zero, 0] - cascade[zero, 2] * memory[zero, 1]) / cascade[zero, 0]
            memory[zero, 1] = memory[zero, 0]
            memory[zero, 0] = x
            x = cascade[pole, 0] * y + cascade[pole, 1] * memory[pole, 0] + cascade[pole, 2] * memory[pole, 1]
            memory[pole, 1] = memory[pole, 0]
            memory[pole, 0] = x
            for number in range(count):
                x = (
                    cascade[number, 0] * x
                    + cascade[number, 1] * memory[number, 0]
                    + cascade[number, 2] * memory[number, 1]
                )
                memory[number, 1] = memory[number, 0]
                memory[number, 0] = x
            out[frame * HOP + sample] = x
    return out


@kernel
def _add_parallel(out: NDArray[np.float64], hissing: NDArray[np.float64], tracks: NDArray[np.float64]) -> None:
    bands = np.zeros((3, 3))
    memory = np.zeros((3, 2))
    for frame in range(tracks.shape[0]):
        block = hissing[frame * HOP : (frame + 1) * HOP]
        if np.abs(memory).max() < _SILENT and np.abs(block).max() < _SILENT:
            memory[:] = 0.0
            continue
        for number in range(3):
            at = _BANDS + 3 * number
            _band(tracks[frame, at], tracks[frame, at + 1], tracks[frame, at + 2], bands, number)
        for sample in range(HOP):
            for number in range(3):
                y = bands[number, 0] * block[sample]
                y += bands[number, 1] * memory[number, 0] + bands[number, 2] * memory[number, 1]
                memory[number, 1] = memory[number, 0]
                memory[number, 0] = y
                out[frame * HOP + sample] += y
