"""Syllables on notes: one each, stressed ones where the metre is strong.

The search follows the accent-matching idea of text setting (Halle & Lerdahl 1993, "A generative textsetting model"):
of all orders-preserving ways to put a line on a phrase, take the one whose stresses fall best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from text2song.compose.metre import strength
from text2song.compose.words.syllables import WordSyllable
from text2song.domain.score import Note
from text2song.domain.theory import TimeSignature

#: No sung syllable is shorter than this, in quarter notes.
_SHORTEST = Fraction(1, 4)
_SKIP_COST = 0.35


def set_line(
    notes: Sequence[Note], syllables: Sequence[WordSyllable], metre: TimeSignature, room: Fraction
) -> list[list[Note]]:
    """Return the notes of each syllable: one, or several where it is a melisma.

    `room` is how many quarter notes after the phrase are free: a line too long for its phrase spills into them. Where
    even that is too little, the syllables at the end are left out; the caller sees fewer groups than syllables.
    """
    wanted = len(syllables)
    phrase = _divided(list(notes), wanted)
    if len(phrase) < wanted:
        phrase = _extended(phrase, wanted, room)
    phrase = _thinned(phrase, wanted, metre)
    sung = syllables[: len(phrase)]
    chosen = _aligned(phrase, sung, metre)
    edges = [*chosen, len(phrase)]
    groups = [phrase[first:last] for first, last in pairwise(edges)]
    if groups and chosen[0] > 0:
        # The line starts later than the phrase: what came before is not sung.
        groups[0] = phrase[chosen[0] : edges[1]]
    return groups


def _divided(phrase: list[Note], wanted: int) -> list[Note]:
    """Halve the longest notes until there are enough."""
    while len(phrase) < wanted:
        index = max(range(len(phrase)), key=lambda n: (phrase[n].duration, -n))
        note = phrase[index]
        # Halves on the grid: a dotted length gives its long part first.
        steps = note.duration / _SHORTEST
        first = _SHORTEST * ((steps.numerator // steps.denominator + 1) // 2)
        if first >= note.duration or note.duration < 2 * _SHORTEST:
            break
        second = replace(note, start=note.start + first, duration=note.duration - first)
        phrase[index : index + 1] = [replace(note, duration=first), second]
    return phrase


def _extended(phrase: list[Note], wanted: int, room: Fraction) -> list[Note]:
    """Go on after the phrase on its last pitch, in eighths."""
    step = Fraction(1, 2)
    while len(phrase) < wanted and room >= step:
        last = phrase[-1]
        phrase.append(replace(last, start=last.start + last.duration, duration=step))
        room -= step
    return phrase


def _thinned(phrase: list[Note], wanted: int, metre: TimeSignature) -> list[Note]:
    """Join weak short notes to the one before until at most a fifth of the notes are to spare."""
    most = max(wanted, wanted * 6 // 5)
    while len(phrase) > most:
        index = min(range(1, len(phrase)), key=lambda n: (strength(phrase[n].start, metre), phrase[n].duration, n))
        before = phrase[index - 1]
        end = phrase[index].start + phrase[index].duration
        phrase[index - 1 : index + 1] = [replace(before, duration=end - before.start)]
    return phrase


def _aligned(phrase: Sequence[Note], syllables: Sequence[WordSyllable], metre: TimeSignature) -> list[int]:
    """Return the index of each syllable's first note, by dynamic programming over (note, syllable)."""
    notes, count = len(phrase), len(syllables)
    unset = float("inf")
    best = [[unset] * (count + 1) for _ in range(notes + 1)]
    taken = [[False] * (count + 1) for _ in range(notes + 1)]
    best[0][0] = 0.0
    for n in range(notes):
        weight = strength(phrase[n].start, metre)
        for k in range(count + 1):
            if best[n][k] == unset:
                continue
            # Before the first syllable a note is silent, after it a melisma: both cost a little.
            if best[n][k] + _SKIP_COST < best[n + 1][k]:
                best[n + 1][k], taken[n + 1][k] = best[n][k] + _SKIP_COST, False
            if k < count:
                cost = best[n][k] + ((1.0 - weight) if syllables[k].stressed else 0.6 * weight)
                if cost < best[n + 1][k + 1]:
                    best[n + 1][k + 1], taken[n + 1][k + 1] = cost, True
    return _traced(taken, notes, count)


def _traced(taken: Sequence[Sequence[bool]], notes: int, count: int) -> list[int]:
    chosen: list[int] = []
    n, k = notes, count
    while n > 0:
        if taken[n][k]:
            chosen.append(n - 1)
            k -= 1
        n -= 1
    return chosen[::-1]
