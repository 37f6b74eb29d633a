"""Pickups: the one to three short notes before the bar line that lead into a phrase (anacrusis)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.elements.theme import PHRASE_BARS, Ending, Event, Theme
from text2song.domain.rational import Fraction

#: The last note of a phrase stays at least this long when a pickup takes its end, in quarter notes.
_SHORTEST = Fraction(1)


def led_into(found: Sequence[Event], theme: Theme) -> tuple[Event, ...]:
    """Return the events with the theme's pickup before each phrase but the first, where there is room for a breath.

    A pickup climbs to the note it leads to, by steps; a phrase that begins after a rest has none.
    """
    length = sum((duration for _, duration in theme.pickup), Fraction(0))
    phrase = PHRASE_BARS * theme.bar
    result: list[Event] = []
    for event in found:
        if length and result and event.start % phrase == 0:
            last = result[-1]
            room = event.start - length - theme.breath - last.start
            if room >= min(_SHORTEST, last.duration) and last.ending is not Ending.SONG:
                result[-1] = replace(last, duration=min(last.duration, room))
                result.extend(_climb(event, theme, event.start - length))
        result.append(event)
    return tuple(result)


def _climb(goal: Event, theme: Theme, start: Fraction) -> list[Event]:
    notes = len(theme.pickup)
    return [
        Event(start + offset, duration, goal.target - notes + index, goal.cell, "pickup", fresh=goal.fresh)
        for index, (offset, duration) in enumerate(theme.pickup)
    ]
