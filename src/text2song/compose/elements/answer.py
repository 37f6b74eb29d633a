"""Answers: short echoes of the hook in the rests of a tune, call and response."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from text2song.compose.decisions import Decisions
from text2song.compose.elements.motif import Motif
from text2song.compose.elements.theme import Ending, Event
from text2song.domain.composition import Section
from text2song.domain.score import Note

_GRID = Fraction(1, 2)
#: An answer leaves this much before the next call.
_CLEAR = Fraction(1, 2)
_SHORTEST = Fraction(3, 2)
_MOST_NOTES = 5


def answers(
    tune: Sequence[Note], span: tuple[Fraction, Fraction], hook: Motif, section: Section, decisions: Decisions
) -> tuple[tuple[Event, ...], ...]:
    """Return the answers to a tune within `span` (quarter notes), each a few events from the section's start.

    Livelier sections are answered more often; no answer sounds with the start of a note of the tune.
    """
    found: list[tuple[Event, ...]] = []
    for place, (start, end) in enumerate(_gaps(tune, span)):
        if not decisions.chance(f"{section.name}/melody/answer/{place}", min(1.0, 0.35 + 0.6 * section.energy)):
            continue
        echo = _echo(hook, start, end, span[0], place)
        if len(echo) > 1:
            found.append(echo)
    return tuple(found)


def _gaps(tune: Sequence[Note], span: tuple[Fraction, Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the stretches in which nothing of the tune sounds, with room before the next call."""
    edges = [(span[0], span[0]), *((note.start, note.start + note.duration) for note in tune), (span[1] + _CLEAR,) * 2]
    for (_, over), (after, _) in pairwise(edges):
        start = -(-over // _GRID) * _GRID
        end = after - _CLEAR
        if end - start >= _SHORTEST:
            yield start, end


def _echo(hook: Motif, start: Fraction, end: Fraction, origin: Fraction, cell: int) -> tuple[Event, ...]:
    """Return as much of the hook as fits between `start` and `end`, its last note held to the end."""
    first = hook[0].offset
    tones = [tone for tone in hook if start + tone.offset - first < end - _GRID][:_MOST_NOTES]
    found: list[Event] = []
    for index, tone in enumerate(tones):
        begin = start + tone.offset - first
        last = index == len(tones) - 1
        stop = min(end, begin + max(tone.duration, Fraction(1))) if last else start + tones[index + 1].offset - first
        ending = Ending.QUESTION if last else Ending.NONE
        found.append(Event(begin - origin, min(stop, end) - begin, tone.step, cell, "answer", ending))
    return tuple(found)
