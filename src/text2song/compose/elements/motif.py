"""Motifs: a bar of rhythm with an outline in scale steps, the smallest thing a listener remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_SIXTEENTH = Fraction(1, 4)
_EIGHTH = Fraction(1, 2)


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
    [-1, 0, 1, 0]
    """
    middle = round(Fraction(sum(shape), len(shape)))
    last = max(len(rhythm) - 1, 1)
    return tuple(
        Tone(*note, _outline(shape, Fraction(index * (len(shape) - 1), last)) - middle)
        for index, note in enumerate(rhythm)
    )


def _outline(shape: Sequence[int], place: Fraction) -> int:
    """Return the outline between its points, rounded toward the one before."""
    index = min(int(place), len(shape) - 2) if len(shape) > 1 else 0
    following = shape[min(index + 1, len(shape) - 1)]
    return shape[index] + round((following - shape[index]) * (place - index) * Fraction(99, 100))


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


def varied(motif: Motif, variation: str, bar: Fraction) -> Motif:
    """Return the motif with its rhythm changed in one place: "split", "merge", "delay", or "" for none.

    The beginning stays recognisable: what changes is how the bar ends or when it starts.
    """
    if variation == "merge" and len(motif) >= 3:
        one, two = motif[-2:]
        return (*motif[:-2], Tone(one.offset, two.offset + two.duration - one.offset, one.step))
    if variation == "delay" and motif and motif[0].duration >= 1:
        first = motif[0]
        return (Tone(first.offset + _EIGHTH, first.duration - _EIGHTH, first.step), *motif[1:])
    if variation == "split":
        return _split(motif, bar)
    return motif


def _split(motif: Motif, bar: Fraction) -> Motif:
    """Divide the longest note of the bar's second half, the new note a step above."""
    late = [tone for tone in motif if tone.offset >= bar / 2 and tone.duration >= 2 * _EIGHTH]
    if not late:
        return motif
    longest = max(late, key=lambda tone: tone.duration)
    place = motif.index(longest)
    half = longest.duration / 2
    first = Tone(longest.offset, half, longest.step)
    return (*motif[:place], first, Tone(longest.offset + half, half, longest.step + 1), *motif[place + 1 :])
