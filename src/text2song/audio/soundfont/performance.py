"""Notes as columns: when each is let go or cut off by another, and the small differences between repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, PlayedNote

Values = NDArray[np.float64]
Indices = NDArray[np.int64]

# How far two strokes of one player differ: enough that repeats are not copies, too little to hear as an error.
_DETUNE_CENTS = 2.5
_LEVEL_DB = 0.5
_BRIGHTNESS_CENTS = 120.0
_LATE_FRAMES = 0.0007 * SAMPLE_RATE

_MASK = (1 << 63) - 1

# Seconds in which a voice falls by 96 dB: a hi-hat closed by foot or stick, and a drum struck again.
_CHOKE_SECONDS = 0.12
_RESTRIKE_SECONDS = 1.6
_RANGE_DB = 96.0
# Notes of one exclusive class this close together were struck at once and leave each other alone.
_TOGETHER = 0.002 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Performance:
    """All notes of a stem, sorted by onset; every array has one row per note."""

    #: Frames, not rounded; up to 0.7 ms late by variation.
    onsets: Values
    #: Frames from onset to key release.
    held: Values
    keys: Values
    velocities: Values
    #: Cents, decibels and cents of cutoff that make this note differ from its like.
    detune: Values
    level_db: Values
    brightness: Values

    @classmethod
    def of(cls, notes: Sequence[PlayedNote], *, retrigger: bool) -> Performance:
        """Read notes; with `retrigger`, striking a key that is still held lets it go first."""
        ordered = sorted(notes, key=lambda note: (note.onset, note.pitch, note.velocity, note.variation))
        onsets = np.array([note.onset for note in ordered]) * SAMPLE_RATE
        held = np.array([note.duration for note in ordered]) * SAMPLE_RATE
        keys = np.clip(np.array([note.pitch for note in ordered], np.float64), 0, 127)
        if retrigger:
            held = np.minimum(held, _next_onset(onsets, keys, 0.0) - onsets)
        chance = _chances(np.array([note.variation & _MASK for note in ordered], np.int64))
        return cls(
            onsets + _LATE_FRAMES * np.abs(chance[3]),
            np.maximum(held, 0.0),
            keys,
            np.clip(np.array([note.velocity for note in ordered], np.float64), 1, 127),
            _DETUNE_CENTS * chance[0],
            _LEVEL_DB * chance[1],
            _BRIGHTNESS_CENTS * chance[2],
        )


def damp_frames(performed: Performance, note: Indices, exclusive: Values, *, percussion: bool) -> tuple[Values, Values]:
    """Return for each voice the frames after its onset at which another note damps it, and dB per frame from there.

    Voices of one exclusive class (not 0) choke each other; a drum struck again damps its earlier stroke.
    """
    onsets = performed.onsets[note]
    choke = np.full(len(note), np.inf)
    for number in np.unique(exclusive[exclusive > 0]):
        members = exclusive == number
        choke[members] = _next_onset(onsets[members], np.zeros(int(members.sum())), _TOGETHER)
    again = _next_onset(onsets, performed.keys[note], _TOGETHER) if percussion else np.full(len(note), np.inf)
    choked = choke <= again
    damp = np.where(choked, choke, again) - onsets
    return damp, np.where(choked, _RANGE_DB / _CHOKE_SECONDS, _RANGE_DB / _RESTRIKE_SECONDS) / SAMPLE_RATE


def _next_onset(onsets: Values, keys: Values, apart: float) -> Values:
    """Return for each row the first onset more than `apart` frames later with the same key, or infinity."""
    following = np.full(len(onsets), np.inf)
    for key in np.unique(keys):
        rows = np.flatnonzero(keys == key)
        times = np.sort(onsets[rows])
        later = np.searchsorted(times, onsets[rows] + apart, side="right")
        following[rows] = np.append(times, np.inf)[later]
    return following


def _chances(variation: NDArray[np.int64]) -> Values:
    """Return four numbers in −1..1 for each variation, shape (4, notes); variation 0 is the plain note.

    SplitMix64 (Steele, Lea, Flood 2014) as the mixing function.
    """
    with np.errstate(over="ignore"):
        state = variation.astype(np.uint64)[None, :] * np.uint64(4) + np.arange(4, dtype=np.uint64)[:, None]
        state = (state + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    chances = (state >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1.0
    return np.where(variation == 0, 0.0, chances)
