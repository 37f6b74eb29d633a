"""Motifs: a bar of rhythm with an outline in scale steps, the smallest thing a listener remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from text2song.domain.theory import TimeSignature

_SIXTEENTH = Fraction(1, 4)
#: Lengths in sixteenths for which styles have rhythms, the largest first.
_LENGTHS = (16, 12, 8, 6, 4)


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a motif."""

    #: Quarter notes from the start of the bar.
    offset: Fraction
    duration: Fraction
    #: Scale steps from the middle of the motif.
    step: int


Motif = tuple[Tone, ...]
#: (offset, duration) pairs in quarter notes.
Rhythm = tuple[tuple[Fraction, Fraction], ...]


def bar_groups(metre: TimeSignature) -> tuple[int, ...]:
    """Return the lengths in sixteenths of the pieces a bar is put together from.

    >>> bar_groups(TimeSignature(7, 8)), bar_groups(TimeSignature(5, 4))
    ((8, 6), (12, 8))
    """
    left = int(metre.bar / _SIXTEENTH)
    compound = metre.pulse == Fraction(3, 2)
    known = {14: (8, 6), 20: (12, 8), 10: (6, 4), 28: (16, 12)}
    if left in known and not compound:
        return known[left]
    groups: list[int] = []
    lengths = (6,) if compound else _LENGTHS
    while left > 0:
        groups.append(next((length for length in lengths if length <= left), left))
        left -= groups[-1]
    return tuple(groups)


def read_rhythm(texts: Sequence[str], scale: Fraction = Fraction(1)) -> Rhythm:
    """Read rhythms written one after the other in sixteenths, "r2" a rest of two, each length times `scale`."""
    place = Fraction(0)
    notes: list[tuple[Fraction, Fraction]] = []
    for word in " ".join(texts).split():
        duration = int(word.lstrip("r")) * _SIXTEENTH * scale
        if not word.startswith("r"):
            notes.append((place, duration))
        place += duration
    return tuple(notes)


def read_shape(text: str) -> tuple[int, ...]:
    """Read an outline such as "0 1 2 1"."""
    return tuple(int(word) for word in text.split())


def shaped(rhythm: Rhythm, shape: Sequence[int]) -> Motif:
    """Lay an outline over a rhythm, stretched to its number of notes and centred on 0.

    >>> [tone.step for tone in shaped(read_rhythm(["4 4 4 4"]), (0, 2, 1))]
    [-1, 1, 1, 0]
    """
    middle = round(Fraction(sum(shape), len(shape)))
    last = max(len(rhythm) - 1, 1)
    places = [(2 * index * (len(shape) - 1) + last) // (2 * last) for index in range(len(rhythm))]
    return tuple(Tone(*note, shape[place] - middle) for note, place in zip(rhythm, places, strict=True))


def cadence(rhythm: Rhythm, shape: Sequence[int], bar: Fraction, breath: Fraction, hold: Fraction) -> Motif:
    """Return the end of a phrase: the beginning of a rhythm running into a long note and a breath.

    `hold` is the least length of the long note, `breath` the rest after it, both in quarter notes; the outline's last
    step is where the line comes to rest.
    """
    end = bar - breath
    kept = [offset for offset, _ in rhythm if offset <= end - hold] or [Fraction(0)]
    kept = kept[: max(len(shape), 2)]
    edges = [*kept[1:], max(end, kept[-1] + _SIXTEENTH)]
    steps = shape[-len(kept) :]
    steps = (*(steps[0] for _ in range(len(kept) - len(steps))), *steps)
    return tuple(Tone(start, stop - start, step) for start, stop, step in zip(kept, edges, steps, strict=True))


def breathing(motif: Motif, bar: Fraction, breath: Fraction) -> Motif:
    """Return the motif with at least `breath` quarter notes of rest before the bar ends."""
    if not motif:
        return ()
    end = bar - breath
    kept = [tone for tone in motif if tone.offset < end] or list(motif[:1])
    last = kept[-1]
    kept[-1] = Tone(last.offset, max(min(last.duration, end - last.offset), _SIXTEENTH), last.step)
    return tuple(kept)
