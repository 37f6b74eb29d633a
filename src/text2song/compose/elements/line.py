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
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from text2song.compose.elements.theme import Ending
from text2song.domain.theory import QUALITIES, Chord, Key

Costs = NDArray[np.int64]

#: Chord tones over which the raised, not the lowered, degree stands: major third, augmented fifth, major seventh.
_RAISING = frozenset({4, 8, 11})
_TARGET, _PEAK, _OUTLINE, _SEAM = 5, 80, 22, 5
_OUT_OF_WINDOW, _OVER_THE_TOP, _REFERENCE = 60, 130, 260
_DISSONANCE = (8, 20, 72, 88)
_LONG_DISSONANCE = 30
_LEAP_FROM_DISSONANCE, _STAYING_DISSONANT = 140, 30
#: The tonic is where a line likes to be, then the rest of its triad.
_OFF_TONIC = 8
_WIDE, _TRITONE, _AUGMENTED_SECOND = 45, 30, 40
_RUNS_ON, _LEAPS_BACK = 130, 50
#: The degrees that say which mode a tune is in, and what they are worth to a line off the strong beats.
_CHARACTER = MappingProxyType(
    {"dorian": 5, "phrygian": 1, "lydian": 3, "mixolydian": 6, "phrygian dominant": 1, "double harmonic": 1}
    | {"harmonic minor": 6, "hungarian minor": 3}
)
_CHARACTERISTIC = 9
#: Scales whose very sound is the augmented second.
_ORIENTAL = frozenset({"phrygian dominant", "double harmonic", "hungarian minor"})


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
    #: The step that makes the note what it was in an earlier bar of the same motif.
    echo: int | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a line likes to move."""

    #: Cost of every interval of more than a tone; negative for a line that runs along the scale too much.
    leap: int = 0
    #: Cost of a repeated note.
    still: int = 0
    #: Cost of leaving what a motif was in an earlier bar.
    echo: int = 45


PLAIN_MANNER = Manner()


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


def reach_peak(places: Sequence[Place], ladder: Ladder, over: int | None = None) -> tuple[Place, ...]:
    """Give the peak a chord tone it can rest on, and keep every other place below it.

    Where it can be reached, the peak lies above the step `over`: what was the top before is passed once.
    """
    peaks = [place for place in places if place.peak]
    if not peaks:
        return tuple(places)
    grades = _dissonances(ladder.key, peaks[0].chord, ladder.low, ladder.high)
    tones = [step for step in range(peaks[0].target - 1, ladder.high + 1) if grades[step - ladder.low] == 0]
    wanted, limit = peaks[0].target, ladder.window[1]
    wanted = max(wanted, min(max((place.target for place in places if not place.peak), default=0) + 1, limit))
    tones = [step for step in tones if step >= wanted - 1] or tones
    if over is not None:
        higher = [step for step in tones if over < step <= min(over + 3, limit + 1)]
        tones, wanted = (higher, over + 1) if higher else ([over], over)
    top = min(tones or [wanted], key=lambda step: (abs(step - wanted) + 2 * (step > limit), -step))
    return tuple(replace(place, target=top) if place.peak else replace(place, ceiling=top) for place in places)


def find_line(places: Sequence[Place], ladder: Ladder, manner: Manner = PLAIN_MANNER) -> tuple[int, ...]:
    """Return one scale step per place, the line of least cost."""
    if not places:
        return ()
    unary = [_unary(place, ladder, manner.echo) for place in places]
    if len(places) == 1:
        return (int(np.argmin(unary[0])) + ladder.low,)
    turns = _turns(ladder.key, ladder.low, ladder.high)
    total = unary[0][:, None] + unary[1][None, :] + _between(places[0], places[1], ladder, manner)
    back: list[NDArray[np.intp]] = []
    for (before, place), cost in zip(pairwise(places[1:]), unary[2:], strict=True):
        grown = total[:, :, None] + turns
        back.append(np.argmin(grown, axis=0))
        total = grown.min(axis=0) + _between(before, place, ladder, manner) + cost[None, :]
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
    """Return per step 0 for chord tones, 6 for colours, 10 for others, 14 for a semitone above a chord tone.

    The third of a chord that has none grates a little: fuller parts leave it open on purpose.
    """
    tones = chord_tones(chord)
    grades = []
    for pitch in _pitches(key, chord, low, high):
        above = (int(pitch) - chord.root) % 12
        harsh = (int(pitch) - 1) % 12 in tones
        if int(pitch) % 12 in tones:
            grades.append(0 if int(pitch) % 12 in chord.pitch_classes else 8)
            continue
        grades.append(14 if harsh else 6 if above in (2, 9) else 10)
    return np.array(grades, dtype=np.int64)


def _unary(place: Place, ladder: Ladder, echo: int) -> Costs:
    cost = _standing(ladder, place.chord, place.strength, place.long, place.ending)
    field = (ladder.low, ladder.high, *ladder.window)
    cost = cost + _aiming(field, place.target, place.peak, place.ceiling)
    if place.reference is not None:
        cost += _REFERENCE * (_steps(ladder.low, ladder.high) != place.reference)
    elif place.echo is not None:
        cost += echo * (_steps(ladder.low, ladder.high) != place.echo)
    return cost


@lru_cache(maxsize=8192)
def _aiming(field: tuple[int, int, int, int], target: int, peak: bool, ceiling: int | None) -> Costs:
    """Return what every step costs by its distance from where it is wanted, whatever the chord."""
    low, high, bottom, top = field
    steps = _steps(low, high)
    deviation = np.abs(steps - target)
    cost = (_PEAK if peak else _TARGET) * deviation + 2 * deviation * deviation
    if not peak:
        cost += _OUT_OF_WINDOW * (np.maximum(bottom - steps, 0) + np.maximum(steps - top, 0))
    if ceiling is not None:
        cost += _OVER_THE_TOP * np.maximum(steps - ceiling + 1, 0)
    return np.asarray(cost, dtype=np.int64)


@lru_cache(maxsize=256)
def _steps(low: int, high: int) -> Costs:
    return np.arange(low, high + 1, dtype=np.int64)


@lru_cache(maxsize=8192)
def _standing(ladder: Ladder, chord: Chord, strength: int, long: bool, ending: Ending) -> Costs:
    """Return what every step costs on a chord at a place in the bar, whatever the outline."""
    degrees = _steps(ladder.low, ladder.high) % 7
    grade = _dissonances(ladder.key, chord, ladder.low, ladder.high)
    weight = _DISSONANCE[strength] + (_LONG_DISSONANCE if long else 0)
    cost = grade * weight // 10
    character = _CHARACTER.get(ladder.key.mode, -1)
    lacking = [degree for degree in ((1, 5) if ladder.key.is_minor else (3, 6)) if degree != character]
    cost = cost + np.where(np.isin(degrees, lacking) & (grade > 0), int(30 * ladder.pentatonic), 0)
    cost = cost + np.where(degrees == 0, 0, np.where(np.isin(degrees, (2, 4)), _OFF_TONIC // 2, _OFF_TONIC))
    if strength < 2:
        cost = cost - np.where(degrees == character, _CHARACTERISTIC, 0)
    above = (_pitches(ladder.key, chord, ladder.low, ladder.high) - ladder.key.tonic) % 12
    home = np.isin(above, (0, 3 if ladder.key.is_minor else 4, 7))
    return np.asarray(cost + _ending_cost(ending, degrees, home, grade), dtype=np.int64)


def _ending_cost(ending: Ending, degrees: Costs, triad: NDArray[np.bool_], grade: Costs) -> Costs:
    """Questions stay open, answers come home to the tonic triad, the song ends on its tonic."""
    if ending is Ending.SONG:
        return np.where(triad & (degrees == 0), 0, np.where(triad, 150, 400)).astype(np.int64)
    if ending is Ending.ANSWER:
        return np.where(triad & (degrees == 0), 0, np.where(triad, 12, 200)).astype(np.int64) + 3 * grade
    if ending is Ending.QUESTION:
        return np.where(degrees == 0, 70, 0).astype(np.int64) + 5 * grade
    return np.zeros_like(degrees)


def _between(before: Place, place: Place, ladder: Ladder, manner: Manner) -> Costs:
    fidelity = _OUTLINE if place.joined else _SEAM
    key, low, high = ladder.key, ladder.low, ladder.high
    return _moving((key, low, high), (before.chord, place.chord), place.target - before.target, fidelity, manner)


@lru_cache(maxsize=8192)
def _moving(
    field: tuple[Key, int, int], chords: tuple[Chord, Chord], wanted: int, fidelity: int, manner: Manner
) -> Costs:
    """Return what every pair of steps costs over two chords, `wanted` steps being the outline's way."""
    key, low, high = field
    size = high - low + 1
    moved = np.arange(size)[None, :] - np.arange(size)[:, None]
    cost = fidelity * np.abs(moved - wanted)
    leaving = _dissonances(key, chords[0], low, high) > 0
    cost = cost + np.where(leaving[:, None] & (np.abs(moved) > 1), _LEAP_FROM_DISSONANCE, 0)
    if chords[0] == chords[1]:
        cost = cost + np.where(leaving[:, None] & (moved == 0), _STAYING_DISSONANT, 0)
    first = _pitches(key, chords[0], low, high)
    second = _pitches(key, chords[1], low, high)
    wide = np.abs(second[None, :] - first[:, None])
    cost = cost + _WIDE * np.maximum(wide - 7, 0) + np.where(wide == 6, _TRITONE, 0)
    cost = cost + manner.leap * (wide > 2) + manner.still * (wide == 0)
    augmented = (np.abs(moved) == 1) & (wide == 3) & (key.mode not in _ORIENTAL)
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
