"""Chromatic approach: a passing note bent to lie a semitone from its goal, as jazz and blues players do."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from text2song.compose.decisions import Decisions
from text2song.compose.elements.line import Place, chord_tones
from text2song.compose.elements.theme import Event

_PASSING = Fraction(1, 2)


def approached(
    pitches: Sequence[int],
    events: Sequence[Event],
    places: Sequence[Place],
    share: float,
    path: str,
    decisions: Decisions,
) -> tuple[int, ...]:
    """Return the pitches with about `share` of the possible approaches made chromatic.

    A note can be bent when it is short, off the beat, a whole tone from a chord tone on a beat right after it.
    The same `path` bends the same notes, so a repeat stays a repeat.
    """
    result = list(pitches)
    for index in range(len(pitches) - 1):
        event, goal = events[index], places[index + 1]
        follows = event.start + event.duration == events[index + 1].start
        passing = follows and event.duration <= _PASSING and places[index].strength == 0 and goal.strength > 0
        move = pitches[index + 1] - pitches[index]
        if not passing or abs(move) != 2 or pitches[index + 1] % 12 not in chord_tones(goal.chord):
            continue
        # Triangular about the middle, so small shares are smaller and great ones greater than they say.
        if (decisions.jitter(f"{path}/{event.start}") + 1) / 2 < share:
            result[index] += move // 2
    return tuple(result)
