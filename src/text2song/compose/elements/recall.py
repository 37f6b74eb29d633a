"""Recall: a section that returns is sung as it was the first time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from text2song.compose.elements.line import Ladder, Place
from text2song.compose.elements.theme import Ending, Event
from text2song.domain.rational import Fraction
from text2song.domain.theory import Chord


def recalling(
    places: Sequence[Place], found: Sequence[Event], first: Mapping[Fraction, tuple[int, Chord]], ladder: Ladder
) -> tuple[Place, ...]:
    """Return the places with what was sung there the first time: kept on the same chord, leaned on over another."""
    result: list[Place] = []
    for place, event in zip(places, found, strict=True):
        # What ends the song, and what tops it, may leave its earlier path.
        if event.fresh or _leaves(event) or event.start not in first:
            result.append(place)
            continue
        step, chord = first[event.start]
        same = chord == place.chord.transposed(-ladder.key.tonic)
        recalled = step + ladder.window[0]
        result.append(replace(place, reference=recalled) if same else replace(place, echo=recalled))
    return tuple(result)


def _leaves(event: Event) -> bool:
    return event.ending is Ending.SONG or event.peak
