"""Call and response: how much of it a style has, and the room that its singers leave."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.style import Style
from text2song.domain.rational import Fraction

#: From this much `answering` on, a style is one of call and response.
IDIOM = 0.5
#: There nobody holds the last word of a line for longer than this, seconds.
_HELD_SECONDS = 0.9

Places = Sequence[tuple[Fraction, Fraction]]


def habit_of(style: Style) -> float:
    """Return how much instruments answer a singer, 0..1."""
    return float(style.table("melody").get("answering", 0.0))


def is_calling(style: Style) -> bool:
    """Return whether a style is one of call and response."""
    return habit_of(style) >= IDIOM


def let_go(places: Places, style: Style, quarter: float) -> list[tuple[Fraction, Fraction]]:
    """Return (start, duration) of the syllables of a line with its last one short enough to be answered."""
    found = list(places)
    if found and is_calling(style):
        start, duration = found[-1]
        found[-1] = (start, min(duration, Fraction(max(1, round(_HELD_SECONDS / quarter * 2)), 2)))
    return found
