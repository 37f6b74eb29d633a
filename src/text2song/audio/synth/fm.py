"""Frequency modulation in the manner of the eighties: pairs of a carrier and a modulator, side by side (Chowning 1973).

Two to four operators make electric pianos, bells and hard basses; the index falls with time, rises with velocity, and
is held down where its side bands would fold back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote, Stereo
from text2song.audio.jit import kernel
from text2song.audio.synth.effects import Effects, Signal, finish
from text2song.audio.synth.envelope import fade, scatter_about
from text2song.audio.synth.equaliser import filter_in_place, sections
from text2song.audio.synth.performance import HELD, ONSET, PITCH, RELEASE, SEED, VARIES, VELOCITY, note_rows
from text2song.audio.synth.wavetable import BELOW, MASK, PART, SHIFT, TURN

BLOCK = 32
#: Columns of a pair: carrier and modulator ratio, level, index in radians, seconds by which level and index fall to
#: 1/e at middle C, share of the index that velocity takes away, feedback of the modulator.
CARRIER, MODULATOR, LEVEL, INDEX, DECAY, INDEX_DECAY, TOUCH, FEEDBACK = range(8)
#: How far two strokes of one key differ: level, index (share) and pitch (semitones).
_LEVEL, _INDEX, _TUNE = 0.035, 0.07, 0.015
#: Side bands stay below.
_LIMIT_HZ = 19_000.0


class Touch(NamedTuple):
    """What all pairs of a patch share; seconds."""

    attack: float = 0.002
    release: float = 0.2
    #: Share of the level that never decays while held.
    sustain: float = 0.0
    #: Octaves of shortening per octave of pitch.
    decay_track: float = 0.5
    velocity_power: float = 1.6
    level: float = 0.3


@dataclass(slots=True, eq=False)
class FmInstrument:
    """A patch of this synthesiser."""

    id: str
    touch: Touch
    #: float64 (pairs, 8), the columns named above.
    pairs: NDArray[np.float64]
    #: float32 (cycle + 1), one sine.
    sine: NDArray[np.float32]
    effects: Effects

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return float32 (frames, 2); see `Instrument`."""
        rows = note_rows(notes, frames)
        if not len(rows):
            return np.zeros((frames, 2), dtype=np.float32)
        return finish(self._sum(rows, frames), self.effects)

    def _sum(self, rows: NDArray[np.float64], frames: int) -> Signal:
        out = np.zeros((1, frames), dtype=np.float32)
        play_pairs(out[0], rows, self.pairs, self.sine, self.touch)
        # Side bands that fall on 0 Hz are no sound.
        filter_in_place(out, sections((("highpass", 25.0, 0.0, 0.7),)))
        return out


@kernel
def play_pairs(
    out: NDArray[np.float32],
    rows: NDArray[np.float64],
    pairs: NDArray[np.float64],
    sine: NDArray[np.float32],
    touch: Touch,
) -> None:
    """Add every pair of every note of `rows` to `out` (frames)."""
    for note in range(len(rows)):
        for pair in range(len(pairs)):
            _play_pair(out, rows[note], pairs[pair], sine, touch)


@kernel
def _play_pair(
    out: NDArray[np.float32],
    row: NDArray[np.float64],
    pair: NDArray[np.float64],
    sine: NDArray[np.float32],
    touch: Touch,
) -> None:
    start, held = int(row[ONSET]), row[HELD] / SAMPLE_RATE
    release = max(touch.release * row[RELEASE], 0.005)
    total = min(int((held + release) * SAMPLE_RATE) + 1, len(out) - start)
    frequency = 440.0 * 2.0 ** ((row[PITCH] + _TUNE * row[VARIES] * scatter_about(row[SEED], 43) - 69.0) / 12.0)
    feedback = TURN * pair[FEEDBACK]
    track = 2.0 ** (-touch.decay_track * (row[PITCH] - 60.0) / 12.0)
    carrier, modulator = frequency * pair[CARRIER], frequency * pair[MODULATOR]
    if carrier > _LIMIT_HZ:
        return
    gain = touch.level * pair[LEVEL] * row[VELOCITY] ** touch.velocity_power
    gain *= 1.0 + _LEVEL * row[VARIES] * scatter_about(row[SEED], 41)
    room = max(0.0, (_LIMIT_HZ - carrier) / modulator - 1.0)
    deep = 1.0 + _INDEX * row[VARIES] * scatter_about(row[SEED], 42)
    index = min(deep * pair[INDEX] * (1.0 - pair[TOUCH] * (1.0 - row[VELOCITY])), room) / (2 * pi)
    wave = np.zeros(BLOCK + 1)
    phase, turn, level, depth = 0, 0, 0.0, index
    step, turn_step = int(TURN * carrier / SAMPLE_RATE), int(TURN * modulator / SAMPLE_RATE)
    for begin in range(0, total, BLOCK):
        after = (begin + BLOCK) / SAMPLE_RATE
        fall = touch.sustain + (1 - touch.sustain) * exp(-after / (pair[DECAY] * track))
        level_after = gain * fall * min(after / touch.attack, 1.0) * fade(after - held, release)
        depth_after = index * exp(-after / (pair[INDEX_DECAY] * track))
        level_step, depth_step = (level_after - level) / BLOCK, (depth_after - depth) / BLOCK
        if fall < 1e-6:
            break
        turn = _modulate(wave, sine, turn, turn_step, feedback)
        heard = out[start + begin : start + min(begin + BLOCK, total)]
        for frame in range(len(heard)):
            swung = phase + int(TURN * (depth + frame * depth_step) * wave[frame])
            heard[frame] += (level + frame * level_step) * _read(sine, swung)
            phase = (phase + step) & MASK
        level, depth = level_after, depth_after


@kernel
def _modulate(wave: NDArray[np.float64], sine: NDArray[np.float32], turn: int, step: int, feedback: float) -> int:
    """Fill `wave` with the modulator, its last value at the end, and return the next phase."""
    last = wave[BLOCK]
    for frame in range(BLOCK):
        if feedback > 0:
            last = _read(sine, turn + int(feedback * last))
            wave[frame] = last
        else:
            wave[frame] = _read(sine, turn)
        turn = (turn + step) & MASK
    wave[BLOCK] = last
    return turn


@kernel
def _read(sine: NDArray[np.float32], phase: int) -> float:
    """Return the sine at a phase, any integer."""
    place = (phase & MASK) >> SHIFT
    value: float = sine[place] + (phase & BELOW) * PART * (sine[place + 1] - sine[place])
    return value
