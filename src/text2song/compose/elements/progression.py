"""Chord progressions as text, and their bars in a metre."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from text2song.compose.elements.roman import Roman
from text2song.compose.metre import group_starts
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a progression: the chords of one bar, or one chord of several bars."""

    romans: tuple[Roman, ...]
    bars: int = 1


def read_progression(text: str) -> tuple[Step, ...]:
    """Read "i:2 bVI ii7-V7": two bars of i, one of bVI, one shared by ii7 and V7.

    Raises `UnreadableRomanError`.
    """
    steps: list[Step] = []
    for word in text.split():
        chords, _, bars = word.partition(":")
        steps.append(Step(tuple(Roman.parse(chord) for chord in chords.split("-")), int(bars or 1)))
    return tuple(steps)


def length(steps: Sequence[Step]) -> int:
    """Return the length in bars."""
    return sum(step.bars for step in steps)


def bars_of_steps(steps: Sequence[Step]) -> tuple[tuple[Roman, ...], ...]:
    """Return the chords of every bar; a chord of several bars stands in each of them."""
    return tuple(step.romans for step in steps for _ in range(step.bars))


def looped(steps: Sequence[Step], bars: int) -> tuple[Step, ...]:
    """Return the progression repeated and cut to exactly `bars` bars."""
    result: list[Step] = []
    left = bars
    while left > 0:
        step = steps[len(result) % len(steps)]
        result.append(Step(step.romans, min(step.bars, left)))
        left -= step.bars
    return tuple(result)


def ended(steps: Sequence[Step], ending: Sequence[Step]) -> tuple[Step, ...]:
    """Return the progression with its last bars replaced by `ending`, which must not be longer."""
    return (*looped(steps, length(steps) - length(ending)), *ending)


def timed(step: Step, metre: TimeSignature) -> tuple[tuple[Roman, Fraction], ...]:
    """Return the chords of a step with their durations in quarter notes.

    A bar that chords share divides at its beats, the longer share first: 3 + 2 in 5/4.
    """
    if len(step.romans) == 1:
        return ((step.romans[0], step.bars * metre.bar),)
    count = len(step.romans)
    starts = group_starts(metre)
    if 1 < count <= len(starts):
        shares = [metre.bar * place / count for place in range(1, count)]
        # Chords change where groups begin, the nearest to an even share, the later of two.
        found = [Fraction(0), *(min(starts[1:], key=lambda at: (abs(at - share), -at)) for share in shares), metre.bar]
        spans = [end - start for start, end in itertools.pairwise(found)]
        return tuple((roman, span) for roman, span in zip(step.romans, spans, strict=True) if span)
    beats = int(metre.bar / metre.pulse)
    edges = [math.ceil(Fraction(beats * place, count)) for place in range(count + 1)]
    spans = [(end - start) * metre.pulse for start, end in itertools.pairwise(edges)]
    return tuple((roman, span) for roman, span in zip(step.romans, spans, strict=True) if span)
