"""Finds the pitches of a melodic line: the cheapest path through the scale, given rhythm, outline and chords.

Exact dynamic programming over pairs of neighbouring notes, so that a leap knows what follows it. The costs are the
rules of melody as corpora show them (Huron, "Sweet Anticipation", 2006; Temperley, "Music and Probability", 2007):
chord tones on strong beats, small steps, leaps that turn back, dissonances left by step. All costs are whole numbers,
so every machine finds the same line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from text2song.compose.elements.theme import Ending
from text2song.domain.theory import QUALITIES, Chord, Key

Costs = NDArray[np.int64]

#: Chord tones over which the raised, not the lowered, degree stands: major third, augmented fifth, major seventh.
_RAISING = frozenset({4, 8, 11})
_TARGET, _PEAK, _OUTLINE, _SEAM = 5, 45, 22, 5
_OUT_OF_WINDOW, _REFERENCE = 60, 90
_DISSONANCE = (8, 18, 38, 50)
_LONG_DISSONANCE = 30
_LEAP_FROM_DISSONANCE = 60
#: The tonic is where a line likes to be, then the rest of its triad.
_OFF_TONIC = 8
_WIDE, _TRITONE, _AUGMENTED_SECOND = 45, 30, 40
_RUNS_ON, _LEAPS_BACK = 60, 18


@dataclass(frozen=True, slots=True)
class Place:
    """One note of a line before it has a pitch."""

    chord: Chord
    #: Scale step wanted; step 0 is the tonic of MIDI octave −1.
    target: int
    #: 0 off the beat, 1 on a beat, 2 on a strong beat, 3 on the first of the bar.
    strength: int
    long: bool
    #: Whether the note belongs to the same motif as the one before it.
    joined: bool
    ending: Ending = Ending.NONE
    #: Whether this is the highest note of its section.
    peak: bool = False
    #: Steps from this one up are another note's.
    ceiling: int | None = None
    #: The step this note had when the section was first heard.
    reference: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps a line may take, lowest to highest, and the key they are steps of."""

    key: Key
    low: int
    high: int
    #: Steps in comfortable reach.
    window: tuple[int, int]
    #: 0..1, how much the line avoids the two degrees that the pentatonic scale lacks.
    pentatonic: float = 0.0


def step_pitch(key: Key, chord: Chord, step: int) -> int:
    """Return the MIDI pitch of a scale step over a chord, altered where the chord alters the scale."""
    return key.pitch(step, -1) + _alterations(key, chord)[step % 7]


def nearest_step(key: Key, pitch: int) -> int:
    """Return the scale step nearest to a MIDI pitch, the lower of two."""
    guess = (pitch - key.tonic) * 7 // 12
    return min(range(guess - 2, guess + 3), key=lambda step: (abs(key.pitch(step, -1) - pitch), step))


def chord_tones(chord: Chord) -> frozenset[int]:
    """Return the pitch classes a melody may rest on; chords without a third take either."""
    if chord.quality == "5":
        return frozenset((chord.root + step) % 12 for step in (0, 3, 4, 7))
    return frozenset(chord.pitch_classes)


def reach_peak(places: Sequence[Place], ladder: Ladder) -> tuple[Place, ...]:
    """Give the peak a chord tone it can rest on, and keep every other place below it."""
    peaks = [place for place in places if place.peak]
    if not peaks:
        return tuple(places)
    grades = _dissonances(ladder.key, peaks[0].chord, ladder.low, ladder.high)
    tones = [step for step in range(peaks[0].target - 1, ladder.high + 1) if grades[step - ladder.low] == 0]
    wanted, limit = peaks[0].target, ladder.window[1]
    top = min(tones or [wanted], key=lambda step: (abs(step - wanted) + 2 * (step > limit), -step))
    return tuple(replace(place, target=top) if place.peak else replace(place, ceiling=top) for place in places)


def find_line(places: Sequence[Place], ladder: Ladder) -> tuple[int, ...]:
    """Return one scale step per place, the line of least cost."""
    if not places:
        return ()
    unary = [_unary(place, ladder) for place in places]
    if len(places) == 1:
        return (int(np.argmin(unary[0])) + ladder.low,)
    turns = _turns(ladder.key, ladder.low, ladder.high)
    total = unary[0][:, None] + unary[1][None, :] + _binary(places[0], places[1], ladder)
    back: list[NDArray[np.intp]] = []
    for (before, place), cost in zip(pairwise(places[1:]), unary[2:], strict=True):
        grown = total[:, :, None] + turns
        back.append(np.argmin(grown, axis=0))
        total = np.min(grown, axis=0) + _binary(before, place, ladder) + cost[None, :]
    first, second = np.unravel_index(int(np.argmin(total)), total.shape)
    steps = [int(second), int(first)]
    for choice in reversed(back):
        steps.append(int(choice[steps[-1], steps[-2]]))
    return tuple(step + ladder.low for step in reversed(steps))


@lru_cache(maxsize=4096)
def _alterations(key: Key, chord: Chord) -> tuple[int, ...]:
    """Return the semitones by which each of the seven degrees is altered over a chord."""
    scale = key.scale
    altered = [0] * 7
    for interval in QUALITIES[chord.quality]:
        pitch_class = (chord.root + interval) % 12
        if pitch_class in scale:
            continue
        first = -1 if interval in _RAISING else 1
        for side in (first, -first):
            neighbour = (pitch_class + side) % 12
            if neighbour in scale and altered[scale.index(neighbour)] == 0:
                altered[scale.index(neighbour)] = -side
                break
    return tuple(altered)


@lru_cache(maxsize=4096)
def _pitches(key: Key, chord: Chord, low: int, high: int) -> Costs:
    return np.array([step_pitch(key, chord, step) for step in range(low, high + 1)], dtype=np.int64)


@lru_cache(maxsize=4096)
def _dissonances(key: Key, chord: Chord, low: int, high: int) -> Costs:
    """Return per step 0 for chord tones, 6 for colours, 10 for others, 14 for a semitone above a chord tone."""
    tones = chord_tones(chord)
    grades = []
    for pitch in _pitches(key, chord, low, high):
        above = (int(pitch) - chord.root) % 12
        harsh = (int(pitch) - 1) % 12 in tones
        grades.append(0 if int(pitch) % 12 in tones else 14 if harsh else 6 if above in (2, 9) else 10)
    return np.array(grades, dtype=np.int64)


def _unary(place: Place, ladder: Ladder) -> Costs:
    steps = np.arange(ladder.low, ladder.high + 1, dtype=np.int64)
    grade = _dissonances(ladder.key, place.chord, ladder.low, ladder.high)
    weight = _DISSONANCE[place.strength] + (_LONG_DISSONANCE if place.long else 0)
    cost = grade * weight // 10
    deviation = np.abs(steps - place.target)
    cost = cost + (_PEAK if place.peak else _TARGET) * deviation + 2 * deviation * deviation
    low, high = (ladder.low, ladder.high) if place.peak else ladder.window
    cost = cost + _OUT_OF_WINDOW * (np.maximum(low - steps, 0) + np.maximum(steps - high, 0))
    lacking = (1, 5) if ladder.key.is_minor else (3, 6)
    cost = cost + np.where(np.isin(steps % 7, lacking) & (grade > 0), int(30 * ladder.pentatonic), 0)
    cost = cost + np.where(steps % 7 == 0, 0, np.where(np.isin(steps % 7, (2, 4)), _OFF_TONIC // 2, _OFF_TONIC))
    cost = cost + _ending_cost(place, steps % 7, grade)
    if place.ceiling is not None:
        cost = cost + _OUT_OF_WINDOW * np.maximum(steps - place.ceiling + 1, 0)
    if place.reference is not None:
        cost = cost + np.where(steps != place.reference, _REFERENCE, 0)
    return np.asarray(cost, dtype=np.int64)


def _ending_cost(place: Place, degrees: Costs, grade: Costs) -> Costs:
    """Questions stay open, answers come home to the tonic triad, the song ends on its tonic."""
    triad = np.isin(degrees, (0, 2, 4))
    if place.ending is Ending.SONG:
        return np.where(degrees == 0, 0, np.where(triad, 150, 400)).astype(np.int64)
    if place.ending is Ending.ANSWER:
        return np.where(degrees == 0, 0, np.where(triad, 12, 110)).astype(np.int64) + 3 * grade
    if place.ending is Ending.QUESTION:
        return np.where(degrees == 0, 70, 0).astype(np.int64) + 5 * grade
    return np.zeros_like(degrees)


def _binary(before: Place, place: Place, ladder: Ladder) -> Costs:
    low, high = ladder.low, ladder.high
    size = high - low + 1
    moved = np.arange(size)[None, :] - np.arange(size)[:, None]
    fidelity = _OUTLINE if place.joined else _SEAM
    cost = fidelity * np.abs(moved - (place.target - before.target))
    leaving = _dissonances(ladder.key, before.chord, low, high) > 0
    cost = cost + np.where(leaving[:, None] & (np.abs(moved) > 1), _LEAP_FROM_DISSONANCE, 0)
    first = _pitches(ladder.key, before.chord, low, high)
    second = _pitches(ladder.key, place.chord, low, high)
    wide = np.abs(second[None, :] - first[:, None])
    cost = cost + _WIDE * np.maximum(wide - 7, 0) + np.where(wide == 6, _TRITONE, 0)
    augmented = (np.abs(moved) == 1) & (wide == 3)
    return np.asarray(cost + np.where(augmented, _AUGMENTED_SECOND, 0), dtype=np.int64)


@lru_cache(maxsize=256)
def _turns(key: Key, low: int, high: int) -> Costs:
    """Return the cost of every three steps in a row: a leap should be followed by a step back."""
    pitches = np.array([key.pitch(step, -1) for step in range(low, high + 1)], dtype=np.int64)
    first = pitches[None, :, None] - pitches[:, None, None]
    second = pitches[None, None, :] - pitches[None, :, None]
    leaps = np.abs(first) >= 5
    runs_on = leaps & (second * np.sign(first) > 0)
    leaps_back = leaps & (second * np.sign(first) < 0) & (np.abs(second) > 2)
    stays = leaps & (second == 0)
    cost = _RUNS_ON * runs_on + _LEAPS_BACK * leaps_back + _LEAPS_BACK // 2 * stays
    return np.asarray(cost, dtype=np.int64)
