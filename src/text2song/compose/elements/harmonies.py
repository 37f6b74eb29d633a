"""A second voice to a tune: thirds and sixths that follow the chords and never rub against them or run in fifths.

The rules of popular and church harmony singing: parallel thirds and sixths along the scale, bent to the chord where the
lead rests on a chord tone (Piston, "Harmony", 1941, on parallel motion).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.elements.line import chord_tones, nearest_step, step_pitch
from text2song.domain.composition import ChordSpan, UnifiedComposition
from text2song.domain.score import Note

#: Semitones between two voices that rub, or that sound hollow.
_HARSH = frozenset({1, 2, 6, 10, 11})
_HOLLOW = frozenset({0, 5, 7})
_OUT_OF_RANGE, _WRONG_SIDE = 40.0, 500.0
_LONG = 1


@dataclass(frozen=True, slots=True)
class Second:
    """What a second voice keeps to."""

    #: Scale steps from the lead: 2 a third above, −5 a sixth below.
    steps: int
    #: MIDI pitches.
    low: int
    high: int


def harmonised(
    lead: Sequence[Note], second: Second, composition: UnifiedComposition, others: Sequence[Sequence[Note]] = ()
) -> tuple[Note, ...]:
    """Return a note beside every note of `lead`, at the same times.

    `others` are voices already written; no note comes within a whole tone of one that sounds at the same time.
    """
    starts = [span.start for span in composition.harmony]
    taken: dict[object, set[int]] = {}
    for voice in others:
        for note in voice:
            taken.setdefault(note.start, set()).add(note.pitch)
    found: list[Note] = []
    before: tuple[int, int] | None = None
    for note in lead:
        span = composition.harmony[max(bisect_right(starts, note.start) - 1, 0)] if starts else None
        pitch = _beside(note, second, span, composition, taken.get(note.start, set()), before)
        found.append(replace(note, pitch=pitch, velocity=max(1, note.velocity - 10), why=f"harmony/{second.steps}"))
        before = (note.pitch, pitch)
    return tuple(found)


def _beside(
    note: Note,
    second: Second,
    span: ChordSpan | None,
    composition: UnifiedComposition,
    taken: set[int],
    before: tuple[int, int] | None,
) -> int:
    key = composition.key_at(note.start)
    step = nearest_step(key, note.pitch)
    up = 1 if second.steps > 0 else -1
    tones = chord_tones(span.chord) if span is not None else frozenset[int]()
    best, least = note.pitch + 4 * up, float("inf")
    for size in (2, 3, 5, 4, 1, 7):
        other = step + up * size
        pitch = step_pitch(key, span.chord, other) if span is not None else key.pitch(other, -1)
        cost = _cost(pitch, note, second, tones, taken, before) + 1.5 * abs(size - abs(second.steps))
        # A lead bent by a chord or a blue note may stand where the step beside it stands.
        cost += _WRONG_SIDE * ((pitch - note.pitch) * up < 2)
        if cost < least:
            best, least = pitch, cost
    return best


def _cost(
    pitch: int, note: Note, second: Second, tones: frozenset[int], taken: set[int], before: tuple[int, int] | None
) -> float:
    cost = _OUT_OF_RANGE * (max(second.low - pitch, 0) + max(pitch - second.high, 0))
    apart = abs(pitch - note.pitch) % 12
    weight = 2.0 if note.duration >= _LONG else 1.0
    cost += 12.0 * (apart in _HARSH) + 4.0 * (apart in _HOLLOW)
    cost += 0.0 if pitch % 12 in tones else 2.5 * weight
    # A semitone above a chord tone rubs whatever the lead sings.
    cost += 6.0 * weight * (pitch % 12 not in tones and (pitch - 1) % 12 in tones)
    cost += sum(25.0 for other in taken if abs(other - pitch) <= 2 and other != note.pitch)
    if before is not None:
        moved, interval = abs(pitch - before[1]), abs(before[1] - before[0]) % 12
        cost += 0.35 * max(moved - 4, 0)
        parallel = interval == apart and interval in (0, 7) and note.pitch != before[0]
        cost += 10.0 * parallel
    return cost
