"""Drum names to General MIDI percussion keys, and what each kit can and cannot play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.compose.elements.patterns import table
from text2song.compose.style import Style
from text2song.domain.rational import Fraction
from text2song.domain.score import Note

#: Velocity of each symbol of a drum pattern before the section's force: accent, normal, soft, ghost.
LEVELS = MappingProxyType({"X": 116.0, "x": 100.0, "o": 78.0, "g": 38.0})
#: How long every hit is held; percussion rings by itself.
_HELD = Fraction(1, 8)


@dataclass(frozen=True, slots=True)
class Kit:
    """The keys of one kit and the balance of its drums."""

    keys: Mapping[str, int]
    balances: Mapping[str, float]
    #: Whether the kit has a ride worth moving to.
    rides: bool

    def balance(self, lane: str) -> float:
        """Return the factor on the velocity of one drum."""
        return float(self.balances.get(lane, 1.0))

    def note(self, lane: str, start: Fraction, velocity: int, why: str) -> Note:
        """Return one hit."""
        return Note(start, self.keys[lane], _HELD, min(max(velocity, 8), 127), why=why)


def level(symbol: str) -> float:
    """Return the velocity a pattern symbol stands for."""
    return LEVELS[symbol]


def capped(notes: list[Note], end: Fraction) -> list[Note]:
    """Return the notes with none held past `end`, the end of the song."""
    return [note if note.start + note.duration <= end else replace(note, duration=end - note.start) for note in notes]


def kit_of(instrument: str, style: Style) -> Kit:
    """Return the kit of an instrument; the style's `[groove.balance]` softens or lifts single drums."""
    rows = table("grooves", "kits")
    own = rows.get("kit", {}).get(instrument, {})
    return Kit(
        keys=MappingProxyType(rows["keys"] | own.get("keys", {})),
        balances=MappingProxyType(dict(style.table("groove").get("balance", {}))),
        rides=bool(own.get("rides", True)),
    )
