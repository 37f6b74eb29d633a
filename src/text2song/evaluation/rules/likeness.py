"""How alike two stretches of melody or rhythm are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from text2song.evaluation.rules.songview import GRID, Tone


def melody_steps(tones: Sequence[Tone], *, limit: float = 4.0) -> tuple[tuple[int, int], ...]:
    """Return each step of a melody as (interval in semitones, time to the next note on the grid).

    Waits beyond `limit` quarter notes count as that: a rest is a rest.
    """
    return tuple(
        (after.pitch - tone.pitch, round(min(after.start - tone.start, limit) * GRID))
        for tone, after in pairwise(tones)
    )


def intervals(tones: Sequence[Tone]) -> tuple[int, ...]:
    """Return the intervals between neighbouring notes in semitones."""
    return tuple(after.pitch - tone.pitch for tone, after in pairwise(tones))


def sequence_likeness(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return 0..1: twice the matching blocks over both lengths (Ratcliff & Obershelp 1988); 1 for two empty ones."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def dice(one: Iterable[Hashable], other: Iterable[Hashable]) -> float:
    """Return 0..1: the share of two bags that they have in common (Dice 1945); 1 for two empty ones."""
    left, right = Counter(one), Counter(other)
    total = left.total() + right.total()
    return 2.0 * (left & right).total() / total if total else 1.0


def grams(sequence: Sequence[Hashable], size: int) -> list[tuple[Hashable, ...]]:
    """Return every run of `size` neighbours."""
    return [tuple(sequence[at : at + size]) for at in range(len(sequence) - size + 1)]


def interval_likeness(one: Sequence[Tone], other: Sequence[Tone]) -> float:
    """Return how alike two tunes are, 0..1: the share of runs of three intervals that they have in common.

    A run of three intervals is the shortest figure a listener knows again; single intervals are alike in all tonal
    music, whose steps are mostly seconds.
    """
    return dice(grams(intervals(one), 3), grams(intervals(other), 3))
