"""Motifs: a bar of rhythm with an outline in scale steps, the smallest thing a listener remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from text2song.domain.rational import Fraction

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
    """Return the motif changed in one way, or as it is for "" (Schoenberg 1967, "Fundamentals of Musical Composition").

    "split", "merge" and "delay" change one place of its rhythm; "invert" turns its outline upside down and "tail" only
    its second half; "fragment" says its first half twice, higher the second time; "augment" says its first half in
    notes of double length; "double" divides its longer notes, as a player does who gets going.
    """
    if variation == "merge" and len(motif) >= 3:
        one, two = motif[-2:]
        return (*motif[:-2], Tone(one.offset, two.offset + two.duration - one.offset, one.step))
    if variation == "delay" and motif and motif[0].duration >= 1:
        first = motif[0]
        return (Tone(first.offset + _EIGHTH, first.duration - _EIGHTH, first.step), *motif[1:])
    other = _OTHERS.get(variation)
    return other(motif, bar) if other and motif else motif


def _inverted(motif: Motif, _bar: Fraction) -> Motif:
    return tuple(Tone(tone.offset, tone.duration, 2 * motif[0].step - tone.step) for tone in motif)


def _tailed(motif: Motif, _bar: Fraction) -> Motif:
    """Turn the second half about the note where it begins."""
    pivot = len(motif) // 2
    return (*motif[:pivot], *_inverted(motif[pivot:], _bar))


def _fragmented(motif: Motif, bar: Fraction) -> Motif:
    """Say the first half twice; a bar of an odd number of eighths keeps its halves on the grid."""
    half = bar / 2 if bar % 1 == 0 else (bar - _EIGHTH) / 2 + _EIGHTH
    head = [tone for tone in motif if tone.offset < half]
    if len(head) < 2 or head[-1].offset + half >= bar:
        return motif
    short = [Tone(tone.offset, min(tone.duration, half - tone.offset), tone.step) for tone in head]
    again = [Tone(tone.offset + half, tone.duration, tone.step + 1) for tone in short]
    return (*short, *(Tone(tone.offset, min(tone.duration, bar - tone.offset), tone.step) for tone in again))


def _augmented(motif: Motif, bar: Fraction) -> Motif:
    head = [tone for tone in motif if 2 * tone.offset < bar]
    if len(head) < 2:
        return motif
    return tuple(Tone(2 * tone.offset, min(2 * tone.duration, bar - 2 * tone.offset), tone.step) for tone in head)


def _doubled(motif: Motif, _bar: Fraction) -> Motif:
    found: list[Tone] = []
    for place, tone in enumerate(motif):
        half = tone.duration / 2
        if tone.duration < 2 * _EIGHTH or place == len(motif) - 1:
            found.append(tone)
            continue
        way = 1 if motif[place + 1].step >= tone.step else -1
        found += [Tone(tone.offset, half, tone.step), Tone(tone.offset + half, half, tone.step + way)]
    return tuple(found)


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


_OTHERS = MappingProxyType(
    {
        "split": _split,
        "invert": _inverted,
        "tail": _tailed,
        "fragment": _fragmented,
        "augment": _augmented,
        "double": _doubled,
    }
)
