"""From performed notes to voices: which regions sound, and every generator turned into what the kernel counts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote
from text2song.audio.soundfont import generators as gen
from text2song.audio.soundfont.kernel import BLOCK, FAST_STEPS, MAX_STEP, SILENCE, VOICE
from text2song.audio.soundfont.modulators import offsets
from text2song.audio.soundfont.performance import Performance, damp_frames
from text2song.audio.soundfont.regions import Regions
from text2song.audio.soundfont.samples import Cut

Values = NDArray[np.float64]
Indices = NDArray[np.int64]

# More voices than any real preset gives one note; a bound for broken ones.
_MAX_LAYERS = 64
# Notes times regions looked at in one go.
_MAX_PAIRS = 1 << 20
# A decay or release time is the time for the envelope's whole range.
_RANGE_DB = 96.0
# Shorter ramps click.
_SHORTEST_ATTACK = 0.0005
_SHORTEST_RELEASE = 0.008
# As good as no fall at all, dB per frame.
_NO_RATE = 1e-12
# Headroom: one note of ordinary velocity peaks near 0.2, a chord below 1.
_GAIN = 0.8


@dataclass(frozen=True, slots=True)
class Tuning:
    """Per region: sample rate in Hz, root key and pitch correction in cents."""

    rates: Values
    roots: Values
    corrections: Values


def plan_voices(
    notes: Sequence[PlayedNote], regions: Regions, tuning: Tuning, *, percussion: bool
) -> list[tuple[Cut, NDArray[np.void]]]:
    """Return the voices of all notes as `VOICE` records, grouped by the sample stretch they read.

    Positions still count from the stretch's start; `place` moves them into a prepared buffer.
    """
    performed = Performance.of(notes, retrigger=not percussion)
    keys = performed.keys if percussion else _covered(performed.keys, regions)
    note, region = _match(keys, performed.velocities, regions)
    values = _modulated(performed, regions, note, region)
    voices = np.zeros(len(note), VOICE)
    _set_pitch(voices, values, performed, tuning, note, region)
    _set_times(voices, values, performed.keys[note])
    _set_sound(voices, values, performed, note)
    through = (values[:, gen.SAMPLE_MODES].astype(np.int64) & 1) == 0
    voices["held"] = np.where(through & percussion, np.inf, performed.held[note])
    cut, rate = damp_frames(performed, note, values[:, gen.EXCLUSIVE_CLASS], percussion=percussion)
    voices["damp"], voices["damp_rate"] = cut, rate
    start = performed.onsets[note] + _frames(values[:, gen.DELAY])
    voices["onset"] = np.ceil(start)
    voices["held"] = np.maximum(voices["held"] - _frames(values[:, gen.DELAY]), 0.0)
    # The part of a frame between the exact onset and the first frame has already passed.
    voices["position"] = (voices["onset"] - start) * voices["step"]
    return _group(voices, values, regions.samples[region])


def last_frames(voices: NDArray[np.void]) -> Values:
    """Return for each voice a frame of the song from which on it is silent for certain, infinity where none is known.

    What is let go falls by its release at the least; what has no loop ends with its sample at the latest.
    """
    loudest = np.maximum(np.maximum(voices["left"], voices["right"]), SILENCE)
    fall_db = 20 * np.log10(loudest / SILENCE) + np.abs(voices["lfo_to_db"])
    until = {name: fall_db / np.maximum(voices[f"{name}_rate"], _NO_RATE) for name in ("decay", "release", "damp")}
    decayed = np.where(voices["sustain_db"] >= fall_db, voices["attack"] + voices["hold"] + until["decay"], np.inf)
    faded = np.minimum.reduce((decayed, voices["held"] + until["release"], voices["damp"] + until["damp"]))
    cents = sum(np.abs(voices[name]) for name in ("mod_to_pitch", "lfo_to_pitch", "vibrato_to_pitch"))
    slowest = voices["step"] * np.exp2(-cents / 1200)
    plain = (voices["loop_length"] == 0) & (voices["tail_shift"] == 0)
    read = np.where(plain, (voices["end"] - voices["position"]) / slowest, np.inf)
    last = np.minimum(np.maximum(faded, voices["attack"]), read)
    # A voice looks at its level once a block.
    return np.asarray(voices["onset"] + last + 3 * BLOCK)


def _covered(keys: Values, regions: Regions) -> Values:
    """Return for each key the nearest that any region covers: an instrument plays on beyond its written range."""
    steps = np.zeros(129, np.int64)
    np.add.at(steps, regions.ranges[:, 0], 1)
    np.add.at(steps, regions.ranges[:, 1] + 1, -1)
    playable = np.flatnonzero(np.cumsum(steps[:128]) > 0)
    above = np.clip(np.searchsorted(playable, keys), 0, len(playable) - 1)
    below = np.maximum(above - 1, 0)
    nearer_above = np.abs(playable[above] - keys) <= np.abs(keys - playable[below])
    return np.where(nearer_above, playable[above], playable[below]).astype(np.float64)


def _match(keys: Values, velocities: Values, regions: Regions) -> tuple[Indices, Indices]:
    """Return note index and region index of every voice, in note order."""
    found = [_sounding(keys, velocities, regions, rows) for rows in _batches(len(keys), len(regions.samples))]
    note, region = (np.concatenate(column) for column in zip(*found, strict=True))
    few = np.arange(len(note)) - np.searchsorted(note, note) < _MAX_LAYERS
    return note[few], region[few]


def _batches(notes: int, regions: int) -> Iterator[slice]:
    size = max(_MAX_PAIRS // regions, 1)
    return (slice(start, start + size) for start in range(0, notes, size))


def _sounding(keys: Values, velocities: Values, regions: Regions, rows: slice) -> tuple[Indices, Indices]:
    keys, velocities = keys[rows, None], velocities[rows, None]
    low_key, high_key, low_velocity, high_velocity = regions.ranges.T
    sounds = (keys >= low_key) & (keys <= high_key) & (velocities >= low_velocity) & (velocities <= high_velocity)
    note, region = np.nonzero(sounds)
    return note + rows.start, region


def _modulated(performed: Performance, regions: Regions, note: Indices, region: Indices) -> Values:
    values = regions.values[region]
    keys = np.where(values[:, gen.FIXED_KEY] >= 0, values[:, gen.FIXED_KEY], performed.keys[note])
    fixed = values[:, gen.FIXED_VELOCITY]
    velocities = np.where(fixed > 0, fixed, performed.velocities[note])
    for modulator, mask in regions.modulators:
        rows = np.flatnonzero(mask[region])
        if len(rows):
            values[rows, modulator.target] += offsets(modulator, keys[rows], velocities[rows])
    low, high = gen.limits()
    return np.clip(values, low, high)


def _set_pitch(
    voices: NDArray[np.void], values: Values, performed: Performance, tuning: Tuning, note: Indices, region: Indices
) -> None:
    keys = np.where(values[:, gen.FIXED_KEY] >= 0, values[:, gen.FIXED_KEY], performed.keys[note])
    root = np.where(values[:, gen.ROOT_KEY] >= 0, values[:, gen.ROOT_KEY], tuning.roots[region])
    cents = (keys - root) * values[:, gen.SCALE_TUNING] + 100 * values[:, gen.COARSE_TUNE] + values[:, gen.FINE_TUNE]
    cents += tuning.corrections[region] + performed.detune[note]
    step = np.exp2(np.clip(cents, -24_000, 24_000) / 1200) * tuning.rates[region] / SAMPLE_RATE
    voices["step"] = np.clip(step, 1e-3, MAX_STEP)
    wide = np.searchsorted(FAST_STEPS, voices["step"])
    voices["wide"] = np.where(voices["step"] <= 1.06, -1, np.minimum(wide, len(FAST_STEPS) - 1))


def _set_times(voices: NDArray[np.void], values: Values, keys: Values) -> None:
    above = 60.0 - keys
    voices["attack"] = np.maximum(_frames(values[:, gen.ATTACK]), _SHORTEST_ATTACK * SAMPLE_RATE)
    voices["hold"] = _frames(values[:, gen.HOLD] + above * values[:, gen.KEY_TO_HOLD])
    voices["decay_rate"] = _RANGE_DB / _frames(values[:, gen.DECAY] + above * values[:, gen.KEY_TO_DECAY], 1.0)
    voices["sustain_db"] = values[:, gen.SUSTAIN] / 10
    voices["release_rate"] = _RANGE_DB / _frames(values[:, gen.RELEASE], _SHORTEST_RELEASE * SAMPLE_RATE)
    voices["mod_delay"] = _frames(values[:, gen.MOD_DELAY])
    voices["mod_attack"] = _frames(values[:, gen.MOD_ATTACK], 1.0)
    voices["mod_hold"] = _frames(values[:, gen.MOD_HOLD] + above * values[:, gen.KEY_TO_MOD_HOLD])
    voices["mod_decay_rate"] = 1 / _frames(values[:, gen.MOD_DECAY] + above * values[:, gen.KEY_TO_MOD_DECAY], 1.0)
    voices["mod_sustain"] = 1 - values[:, gen.MOD_SUSTAIN] / 1000
    voices["mod_release_rate"] = 1 / _frames(values[:, gen.MOD_RELEASE], 1.0)
    voices["lfo_delay"] = _frames(values[:, gen.MOD_LFO_DELAY])
    voices["vibrato_delay"] = _frames(values[:, gen.VIBRATO_DELAY])


def _set_sound(voices: NDArray[np.void], values: Values, performed: Performance, note: Indices) -> None:
    voices["lfo_rate"] = _hertz(values[:, gen.MOD_LFO_RATE]) / SAMPLE_RATE
    voices["vibrato_rate"] = _hertz(values[:, gen.VIBRATO_RATE]) / SAMPLE_RATE
    voices["lfo_to_pitch"] = values[:, gen.MOD_LFO_TO_PITCH]
    voices["lfo_to_cutoff"] = values[:, gen.MOD_LFO_TO_CUTOFF]
    voices["lfo_to_db"] = values[:, gen.MOD_LFO_TO_VOLUME] / 10
    voices["vibrato_to_pitch"] = values[:, gen.VIBRATO_TO_PITCH]
    voices["mod_to_pitch"] = values[:, gen.MOD_ENV_TO_PITCH]
    voices["mod_to_cutoff"] = values[:, gen.MOD_ENV_TO_CUTOFF]
    voices["cutoff"] = np.minimum(values[:, gen.FILTER_CUTOFF] + performed.brightness[note], gen.OPEN_CUTOFF)
    # A resonance of 0 dB is the flat Butterworth response; the gain falls by half the resonance (specification, 8.1.3).
    resonance_db = values[:, gen.FILTER_Q] / 10
    voices["damping"] = 0.5 * 10 ** ((3.0103 - resonance_db) / 20)
    voices["filter_gain"] = 10 ** (-resonance_db / 40)
    sweeps = np.abs(values[:, [gen.MOD_ENV_TO_CUTOFF, gen.MOD_LFO_TO_CUTOFF]]).sum(axis=1) > 0
    # A filter within a whole tone of fully open is not heard, and costs a third of the voice.
    voices["filtered"] = (voices["cutoff"] < gen.OPEN_CUTOFF - 200) | sweeps
    moving = [gen.MOD_LFO_TO_PITCH, gen.VIBRATO_TO_PITCH, gen.MOD_ENV_TO_PITCH, gen.MOD_LFO_TO_VOLUME]
    voices["moving"] = (np.abs(values[:, moving]).sum(axis=1) > 0) | sweeps
    level = _GAIN * 10 ** ((performed.level_db[note] - values[:, gen.ATTENUATION] / 10) / 20)
    angle = (values[:, gen.PAN] + 500) / 1000 * (np.pi / 2)
    voices["left"], voices["right"] = level * np.cos(angle), level * np.sin(angle)


def _group(voices: NDArray[np.void], values: Values, samples: Indices) -> list[tuple[Cut, NDArray[np.void]]]:
    columns = [
        samples,
        values[:, gen.START] + 32_768 * values[:, gen.START_COARSE],
        values[:, gen.END] + 32_768 * values[:, gen.END_COARSE],
        values[:, gen.LOOP_START] + 32_768 * values[:, gen.LOOP_START_COARSE],
        values[:, gen.LOOP_END] + 32_768 * values[:, gen.LOOP_END_COARSE],
        values[:, gen.SAMPLE_MODES].astype(np.int64) & 3,
    ]
    cuts, which = np.unique(np.stack(columns, axis=1).astype(np.int64), axis=0, return_inverse=True)
    flat = which.reshape(-1)
    return [(Cut(*row), voices[flat == index]) for index, row in enumerate(cuts.tolist())]


def _frames(timecents: Values, least: float = 0.0) -> Values:
    # The lowest time there is stands for none at all.
    seconds = np.where(timecents <= -12_000, 0.0, np.exp2(np.clip(timecents, -12_000, 8_000) / 1200))
    frames: Values = np.maximum(seconds * SAMPLE_RATE, least)
    return frames


def _hertz(cents: Values) -> Values:
    return 8.1757989 * np.exp2(cents / 1200)
