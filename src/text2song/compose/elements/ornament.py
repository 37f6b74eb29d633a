"""Chromatic approach and enclosure: passing notes bent toward their goal, as jazz and blues players do."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.decisions import Decisions
from text2song.compose.elements.line import Place, chord_tones
from text2song.compose.elements.theme import Event
from text2song.domain.rational import Fraction

_PASSING = Fraction(1, 2)
#: Semitones that still count as led to.
_NEAR = 4


def approached(
    pitches: Sequence[int],
    events: Sequence[Event],
    places: Sequence[Place],
    share: float,
    path: str,
    decisions: Decisions,
    phrase: Fraction,
) -> tuple[int, ...]:
    """Return the pitches with about `share` of the possible approaches made chromatic.

    A note can be bent when it is short, off the beat, a whole tone from a chord tone on a beat right after it.
    The same `path` and place in a `phrase` (its length in quarter notes) bend alike, so a repeat stays a repeat.
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
        if (decisions.jitter(f"{path}/{event.start % phrase}") + 1) / 2 < share:
            result[index] += move // 2
    return tuple(result)


def enclosed(
    pitches: Sequence[int],
    events: Sequence[Event],
    places: Sequence[Place],
    share: float,
    path: str,
    decisions: Decisions,
    phrase: Fraction,
) -> tuple[int, ...]:
    """Return the pitches with about `share` of the possible enclosures made: a step above the goal, a semitone below.

    The goal is a chord tone on a beat with two short notes right before it (Coker 1991, "Elements of the Jazz
    Language"); what leads to the first of them may not become a leap.
    """
    result = list(pitches)
    last = -1
    for goal in range(2, len(pitches)):
        above, below = goal - 2, goal - 1
        if above <= last or places[goal].strength == 0 or pitches[goal] % 12 not in chord_tones(places[goal].chord):
            continue
        if not all(_leads(events[index], events[index + 1]) for index in (above, below)):
            continue
        upper = pitches[goal] + (2 if (pitches[goal] + 2) % 12 in chord_tones(places[goal].chord) else 1)
        near = above == 0 or abs(upper - pitches[above - 1]) <= _NEAR
        if near and (decisions.jitter(f"{path}/{events[goal].start % phrase}") + 1) / 2 < share:
            result[above], result[below] = upper, pitches[goal] - 1
            last = goal
    return tuple(result)


def _leads(event: Event, following: Event) -> bool:
    return event.duration <= _PASSING and event.start + event.duration == following.start and not event.ending
