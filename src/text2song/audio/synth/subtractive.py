"""The polyphonic synthesiser: band-limited waves in unison, noise, a state-variable filter, envelopes and slow drift.

One kernel serves basses, leads, pads, supersaws and, by spectra and a body filter, bowed, blown, sung stand-ins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import exp, pi, sin, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from text2song.audio.halves import Span, in_halves
from text2song.audio.instrument import SAMPLE_RATE, PlayedNote, Stereo
from text2song.audio.jit import kernel
from text2song.audio.synth.effects import Effects, Signal, finish
from text2song.audio.synth.envelope import fade, scatter, scatter_about, swell
from text2song.audio.synth.noise import seed_of, white
from text2song.audio.synth.performance import FROM_PITCH, HELD, ONSET, PITCH, RELEASE, SEED, VARIES, VELOCITY, note_rows
from text2song.audio.synth.wavetable import BELOW, MASK, PART, SHIFT, TURN, table_level

#: Frames between two values of envelopes, pitch and filter.
BLOCK = 32
#: How far two strokes of one key differ: 0.3 dB, a tenth of an octave of the filter, a cent and a half.
_LEVEL, _BRIGHTNESS, _TUNE = 0.035, 0.1, 0.015
#: Columns of an oscillator: table, frequency ratio, left and right level, pulse offset in cycles (0 for none).
WAVE, RATIO, LEFT, RIGHT, PULSE = range(5)


class Voice(NamedTuple):
    """One voice as the kernel reads it: times in seconds, frequencies in Hz."""

    attack: float = 0.005
    decay: float = 0.3
    sustain: float = 1.0
    release: float = 0.1
    #: At middle C and full velocity, before the envelope.
    cutoff: float = 18_000.0
    #: 0: the same for all pitches … 1: follows the pitch.
    keytrack: float = 0.5
    #: 0.7 is flat; 10 sings.
    resonance: float = 0.7
    #: Two or four: 12 or 24 dB per octave.
    poles: float = 2.0
    #: Shares of low-pass, band-pass and high-pass.
    low: float = 1.0
    band: float = 0.0
    high: float = 0.0
    #: Octaves by which the filter envelope opens, velocity closes, and the filter's own swing moves the cutoff.
    filter_env: float = 0.0
    filter_attack: float = 0.002
    filter_decay: float = 0.3
    filter_sustain: float = 0.0
    filter_velocity: float = 1.5
    filter_swing: float = 0.0
    filter_swing_hz: float = 0.1
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.4
    vibrato_delay: float = 0.3
    #: How far every oscillator wanders by itself.
    drift_cents: float = 0.0
    #: Time to reach a legato note from the one before.
    glide: float = 0.0
    #: Semitones above the note at its start, and the time they take to fall.
    scoop: float = 0.0
    scoop_time: float = 0.04
    #: Level of noise while held, and on top of it at the start, gone in `chiff_time`.
    noise: float = 0.0
    chiff: float = 0.0
    chiff_time: float = 0.03
    pulse_swing: float = 0.0
    pulse_swing_hz: float = 0.4
    tremolo_depth: float = 0.0
    tremolo_hz: float = 6.0
    #: 1: level and filter rise over the whole length of the note.
    rise: float = 0.0
    velocity_power: float = 1.8
    level: float = 0.3


@dataclass(slots=True, eq=False)
class SubtractiveInstrument:
    """A patch of this synthesiser."""

    id: str
    voice: Voice
    #: float64 (oscillators, 5), the columns named above.
    oscillators: NDArray[np.float64]
    #: float32 (waves, levels, cycle + 1).
    waves: NDArray[np.float32]
    effects: Effects
    mono: bool = False

    def render(self, notes: Sequence[PlayedNote], frames: int) -> Stereo:
        """Return float32 (frames, 2); see `Instrument`."""
        rows = note_rows(notes, frames, mono=self.mono)
        return finish(self._sum(rows, frames), self.effects) if len(rows) else np.zeros((frames, 2), np.float32)

    def _sum(self, rows: NDArray[np.float64], frames: int) -> Signal:
        wide = not np.array_equal(*self.oscillators.T[LEFT : RIGHT + 1])
        out = np.zeros((2 if wide else 1, frames), np.float32)
        play = partial(play_voices, out, rows, self.oscillators, self.waves, _noise(), self.voice)
        # Frame by frame, notes are added in the same order in either half.
        in_halves(play, int(rows[len(rows) // 2, ONSET]), frames)
        return out


@cache
def _noise() -> NDArray[np.float64]:
    return white(seed_of("hiss"), 2**16)


@kernel
def play_voices(
    out: NDArray[np.float32],
    rows: NDArray[np.float64],
    oscillators: NDArray[np.float64],
    waves: NDArray[np.float32],
    noise: NDArray[np.float64],
    voice: Voice,
    span: Span,
) -> None:
    """Add what falls into `span`, from one frame up to another, of every note of `rows` to `out` (channels, frames)."""
    block = np.zeros((2, BLOCK))
    state = np.zeros((2, 4))
    phases = np.zeros(len(oscillators), dtype=np.int64)
    for index in range(len(rows)):
        row = rows[index]
        for oscillator in range(len(oscillators)):
            # One oscillator alone starts at the same place each time: an even attack. Many start anywhere.
            phases[oscillator] = int(TURN * scatter(row[SEED], oscillator)) if len(oscillators) > 2 else 0
        state[:] = 0.0
        _play(out, row, phases, (oscillators, waves, block, state), noise, voice, span)


@kernel
def _play(
    out: NDArray[np.float32],
    row: NDArray[np.float64],
    phases: NDArray[np.int64],
    machine: tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]],
    noise: NDArray[np.float64],
    voice: Voice,
    span: Span,
) -> None:
    oscillators, waves, block, state = machine
    start, held = int(row[ONSET]), row[HELD] / SAMPLE_RATE
    release = max(voice.release * row[RELEASE], 0.005)
    total = min(int((held + release) * SAMPLE_RATE) + 1, span[1] - start)
    if start + total <= span[0]:
        return
    other = 1.0 + _LEVEL * row[VARIES] * scatter_about(row[SEED], 41)
    gain = voice.level * row[VELOCITY] ** voice.velocity_power * other
    seed, before = int(row[SEED]) & 0x7FFFFFFF, 0.0
    for begin in range(0, total, BLOCK):
        count = min(BLOCK, total - begin)
        now = begin / SAMPLE_RATE
        frequency = 440.0 * 2.0 ** ((_pitch(now, row, voice) - 69.0) / 12.0)
        width = voice.pulse_swing * sin(2 * pi * voice.pulse_swing_hz * now + row[SEED])
        wander = 0.000578 * voice.drift_cents
        _oscillate(block, (frequency, width, wander, now + 40.0 * scatter(row[SEED], 97)), phases, oscillators, waves)
        hiss = voice.noise + voice.chiff * exp(-now / voice.chiff_time)
        if hiss > 1e-5:
            seed = _hiss(block, hiss, noise, seed)
        cutoff = _cutoff(now, held, row, voice)
        _filter(block, state, cutoff, voice)
        after = gain * _level(now + BLOCK / SAMPLE_RATE, held, release, voice)
        step = (after - before) / BLOCK
        for channel in range(out.shape[0]):
            heard = out[channel, start + begin :]
            for frame in range(max(0, span[0] - start - begin), count):
                heard[frame] += block[channel, frame] * (before + step * frame)
        before = after
        if after < 1e-7 and now > voice.attack and voice.rise == 0.0:
            break


@kernel
def _pitch(now: float, row: NDArray[np.float64], voice: Voice) -> float:
    """Return the pitch in MIDI semitones at a time since the onset."""
    pitch: float = row[PITCH] + voice.scoop * exp(-now / voice.scoop_time)
    pitch += _TUNE * row[VARIES] * scatter_about(row[SEED], 43)
    if voice.glide > 0:
        pitch += (row[FROM_PITCH] - row[PITCH]) * exp(-now / voice.glide)
    if voice.vibrato_cents > 0:
        grown = min(max((now - voice.vibrato_delay) / 0.4, 0.0), 1.0)
        pitch += 0.01 * voice.vibrato_cents * grown * sin(2 * pi * (voice.vibrato_hz * now + scatter(row[SEED], 99)))
    return pitch


@kernel
def _cutoff(now: float, held: float, row: NDArray[np.float64], voice: Voice) -> float:
    """Return the cutoff in Hz."""
    octaves: float = voice.keytrack * (row[PITCH] - 60.0) / 12.0 - voice.filter_velocity * (1.0 - row[VELOCITY])
    octaves += _BRIGHTNESS * row[VARIES] * scatter_about(row[SEED], 42)
    if voice.rise > 0:
        octaves += voice.filter_env * min(now / held, 1.0)
    else:
        octaves += voice.filter_env * swell(now, voice.filter_attack, voice.filter_decay, voice.filter_sustain)
    octaves += voice.filter_swing * sin(2 * pi * (voice.filter_swing_hz * now + scatter(row[SEED], 98)))
    cutoff: float = voice.cutoff * 2.0**octaves
    return min(max(cutoff, 20.0), 19_000.0)


@kernel
def _level(now: float, held: float, release: float, voice: Voice) -> float:
    """Return the level in 0..1, exactly 0 after the release."""
    level = swell(min(now, held), voice.attack, voice.decay, voice.sustain) * fade(now - held, release)
    if voice.rise > 0:
        level *= min(now / held, 1.0) ** 2
    if voice.tremolo_depth > 0:
        level *= 1.0 - voice.tremolo_depth * (0.5 + 0.5 * sin(2 * pi * voice.tremolo_hz * now))
    return level


@kernel
def _oscillate(
    block: NDArray[np.float64],
    control: tuple[float, float, float, float],
    phases: NDArray[np.int64],
    oscillators: NDArray[np.float64],
    waves: NDArray[np.float32],
) -> None:
    """Fill both rows of `block` with the sum of all oscillators and move their phases on.

    `control` is the frequency in Hz, the swing of the pulse width, the wander of each oscillator as a share of its
    frequency, and the time in seconds.
    """
    frequency, width, wander, now = control
    block[:] = 0.0
    for index in range(len(oscillators)):
        # Parabolas instead of sines, one for each oscillator and no two alike: half a second to two seconds long.
        bow = 2.0 * ((now * (0.53 + 0.37 * index % 1.0) + 0.618 * index) % 1.0) - 1.0
        hertz = frequency * oscillators[index, RATIO] * (1.0 + wander * 4.0 * bow * (1.0 - abs(bow)))
        if hertz > 0.45 * SAMPLE_RATE:
            continue
        table = waves[int(oscillators[index, WAVE]), table_level(hertz)]
        left, right, pulse = oscillators[index, LEFT], oscillators[index, RIGHT], oscillators[index, PULSE]
        phase, step = phases[index], int(TURN * hertz / SAMPLE_RATE)
        for frame in range(BLOCK):
            place = phase >> SHIFT
            value = table[place] + (phase & BELOW) * PART * (table[place + 1] - table[place])
            block[0, frame] += value * left
            block[1, frame] += value * right
            phase = (phase + step) & MASK
        if pulse > 0:
            # A pulse is a saw less the same saw some way on.
            later = (phases[index] + int(TURN * min(max(pulse + width, 0.05), 0.95))) & MASK
            for frame in range(BLOCK):
                place = later >> SHIFT
                value = table[place] + (later & BELOW) * PART * (table[place + 1] - table[place])
                block[0, frame] -= value * left
                block[1, frame] -= value * right
                later = (later + step) & MASK
        phases[index] = phase


@kernel
def _hiss(block: NDArray[np.float64], level: float, noise: NDArray[np.float64], seed: int) -> int:
    """Add noise to both rows, each its own, and return the next seed."""
    for channel in range(2):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        piece = noise[(seed >> 8) % (len(noise) - BLOCK) :]
        for frame in range(BLOCK):
            block[channel, frame] += level * piece[frame]
    return seed


@kernel
def _filter(block: NDArray[np.float64], state: NDArray[np.float64], cutoff: float, voice: Voice) -> None:
    """Filter both rows of `block` in place: trapezoidal state-variable filter (Simper 2013), one or two in series.

    Left and right go through the same loop: each waits for its own last sample, so two cost little more than one.
    """
    if voice.low == 1.0 and voice.band == 0.0 and voice.high == 0.0 and cutoff >= 17_999.0:
        return
    tangent = tan(pi * cutoff / SAMPLE_RATE)
    for stage in range(int(voice.poles) // 2):
        # In the steep filter the first stage stays flat: two resonances in series would ring.
        damping = 1.0 / (voice.resonance if stage * 2 + 2 == int(voice.poles) else 0.6)
        one = 1.0 / (1.0 + tangent * (tangent + damping))
        two = tangent * one
        three = tangent * two
        # low·l + band·m + high·(v − damping·m − l), gathered by v, m and l.
        of_middle, of_lower = voice.band - voice.high * damping, voice.low - voice.high
        left, left_low, right, right_low = state[stage, 0], state[stage, 1], state[stage, 2], state[stage, 3]
        for frame in range(BLOCK):
            value, other = block[0, frame], block[1, frame]
            rest, other_rest = value - left_low, other - right_low
            middle, other_middle = one * left + two * rest, one * right + two * other_rest
            lower, other_lower = left_low + two * left + three * rest, right_low + two * right + three * other_rest
            left, right = 2.0 * middle - left, 2.0 * other_middle - right
            left_low, right_low = 2.0 * lower - left_low, 2.0 * other_lower - right_low
            block[0, frame] = voice.high * value + of_middle * middle + of_lower * lower
            block[1, frame] = voice.high * other + of_middle * other_middle + of_lower * other_lower
        state[stage, 0], state[stage, 1], state[stage, 2], state[stage, 3] = left, left_low, right, right_low
