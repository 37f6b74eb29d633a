"""Step patterns: one bar of 4/4 written as characters, and the same pattern fitted to any other metre.

A pattern is a string whose length divides into four beats: "x...x...x...x..." is sixteenths, "x.xx.xx.xx.x" is
triplets. "." rests, "-" holds the step before it, every other character begins a note and keeps its meaning to itself.
A pattern that begins with "=" is one bar in sixteenths of its own
metre and is not fitted. Spaces and "|" are for the reader. Patterns of several bars are written one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from text2song.compose.metre import counted_groups
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

BEATS_IN_PATTERN = 4
#: Four beats, and five as three and two.
_LONG_BARS = MappingProxyType({4: (0, 1, 2, 3), 5: (0, 2, 3, 2, 3)})
#: Begins a pattern in sixteenths of the metre that it is written for.
OWN_METRE = "="
REST = "."
HOLD = "-"


@dataclass(frozen=True, slots=True)
class Step:
    """One beginning in a bar."""

    #: Quarter notes from the start of the bar.
    start: Fraction
    #: Quarter notes up to the end of its holds.
    duration: Fraction
    symbol: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one beat of the bar takes its steps from: a beat of the pattern, and how long it lasts here."""

    beat: int
    length: Fraction
    compound: bool = False


def slots(metre: TimeSignature, bar: int = 0) -> tuple[Slot, ...]:
    """Return the beats of one bar of `metre` as beats of a 4/4 pattern; bars of two beats alternate its halves.

    >>> [slot.beat for slot in slots(TimeSignature(3, 4))]
    [0, 2, 3]
    >>> [(slot.beat, str(slot.length)) for slot in slots(TimeSignature(7, 8, (3, 2, 2)))]
    [(0, '1'), (3, '1/2'), (1, '1'), (2, '1')]
    """
    pulse = metre.pulse
    if metre.pulse < 1 and counted_groups(metre):
        return _grouped(counted_groups(metre), Fraction(4, metre.denominator))
    if metre.groups and metre.denominator == 4:
        return tuple(
            Slot(beat, Fraction(1)) for place, group in enumerate(metre.groups) for beat in _counted(group, place)
        )
    if pulse == Fraction(3, 2):
        return tuple(Slot(beat, pulse, compound=True) for beat in _beats(int(metre.bar / pulse), bar))
    whole, rest = divmod(metre.bar, 1)
    plain = _beats(int(whole), bar) if not rest else tuple(range(min(int(whole), 3))) + _beats(int(whole) - 3, 1)
    found = [Slot(beat, Fraction(1)) for beat in plain]
    if rest:
        # The odd half beat closes the bar with the start of the pattern's last beat: 2+2+3 for 7/8.
        found.append(Slot(3, Fraction(rest)))
    return tuple(found)


def _grouped(groups: tuple[int, ...], unit: Fraction) -> tuple[Slot, ...]:
    """Return a bar in twos and threes: a beat of the pattern for each two, and half of its last for the odd eighth.

    A limping pattern puts its second stroke there: 2+2+3 is short, short, long.
    """
    heads = sum(max(1, group // 2) for group in groups)
    beats = iter((0, 2) if heads == 2 else tuple(range(heads)) if heads <= BEATS_IN_PATTERN else _beats(heads, 0))
    found: list[Slot] = []
    for group in groups:
        found.extend(Slot(next(beats), 2 * unit) for _ in range(group // 2))
        if group % 2:
            found.append(Slot(3, unit))
    return tuple(found)


def _counted(group: int, place: int) -> tuple[int, ...]:
    """Return the beats of a group of quarters: the first one opens the bar, the others are its second half."""
    if place == 0:
        return {2: (0, 1), 3: (0, 2, 3), 4: (0, 1, 2, 3)}[group]
    return {2: (2, 3), 3: (2, 3, 3), 4: (2, 3, 2, 3)}[group]


def _beats(count: int, bar: int) -> tuple[int, ...]:
    if count <= 0:
        return ()
    if count == 1:
        return (0,)
    if count == 2:
        return (0, 1) if bar % 2 == 0 else (2, 3)
    if count == 3:
        return (0, 2, 3)
    return _LONG_BARS[count] if count in _LONG_BARS else (*_beats(count - 2, 0), 2, 3)


@cache
def bars_of(
    pattern: str, metre: TimeSignature, *, keeps_time: bool = False, bars: int = 1
) -> tuple[tuple[Step, ...], ...]:
    """Return a pattern's steps, bar by bar, in `metre`.

    `keeps_time` fills the middle of compound beats, as hi-hats and strumming hands do. A one-bar pattern in a metre of
    two beats gives two bars. Raises ValueError where the length does not divide into beats.
    """
    text = pattern.replace(" ", "").replace("|", "")
    if text.startswith(OWN_METRE):
        return (_own(text[1:], metre),)
    if not text or len(text) % (BEATS_IN_PATTERN * bars):
        raise ValueError(f"{pattern!r} does not divide into {bars} bars of four beats")
    size = len(text) // bars
    halves = 2 if len(slots(metre)) == 2 else 1
    return tuple(
        _bar(text[bar * size : (bar + 1) * size], slots(metre, half), keeps_time=keeps_time)
        for bar in range(bars)
        for half in range(halves)
    )


def _own(text: str, metre: TimeSignature) -> tuple[Step, ...]:
    """Return one bar of a pattern written in the metre itself; raises ValueError where it is of another length."""
    sixteenth = Fraction(1, 4)
    if len(text) * sixteenth != metre.bar:
        raise ValueError(f"{text!r} is no bar of {metre.name} in sixteenths")
    return _joined([(symbol, place * sixteenth, sixteenth) for place, symbol in enumerate(text)])


def _bar(text: str, beats: tuple[Slot, ...], *, keeps_time: bool) -> tuple[Step, ...]:
    size = len(text) // BEATS_IN_PATTERN
    cells: list[tuple[str, Fraction, Fraction]] = []
    at = Fraction(0)
    for slot in beats:
        cell = text[slot.beat * size : (slot.beat + 1) * size]
        end = at + slot.length
        for symbol, offset, length in _cell(cell, slot, keeps_time=keeps_time):
            start = at + offset
            if start < end:
                cells.append((symbol, start, min(length, end - start)))
        at = end
    return _joined(cells)


def _cell(cell: str, slot: Slot, *, keeps_time: bool) -> list[tuple[str, Fraction, Fraction]]:
    size = len(cell)
    if not slot.compound:
        return [(symbol, Fraction(index, size), Fraction(1, size)) for index, symbol in enumerate(cell)]
    if size % 3 == 0:
        length = slot.length / size
        return [(symbol, index * length, length) for index, symbol in enumerate(cell)]
    return _compound(cell, keeps_time=keeps_time)


def _compound(cell: str, *, keeps_time: bool) -> list[tuple[str, Fraction, Fraction]]:
    """Lay a beat of one, two or four steps over a dotted quarter: the "and" falls on the third eighth."""
    eighth = Fraction(1, 2)
    if len(cell) == 1:
        return [(cell, Fraction(0), 3 * eighth)]
    if len(cell) == 2:
        middle = cell[1] if keeps_time and cell[1] != HOLD else HOLD if cell[0] not in REST else REST
        return [(cell[0], 0 * eighth, eighth), (middle, eighth, eighth), (cell[1], 2 * eighth, eighth)]
    first, second, third, fourth = (cell[round(index * len(cell) / 4)] for index in range(4))
    if keeps_time and second in (REST, HOLD) and third not in (REST, HOLD):
        second = third
    quarter = eighth / 2
    return [
        (first, 0 * eighth, eighth),
        (second, eighth, eighth),
        (third, 2 * eighth, quarter),
        (fourth, 5 * quarter, quarter),
    ]


def _joined(cells: list[tuple[str, Fraction, Fraction]]) -> tuple[Step, ...]:
    """Give each beginning the time of the holds behind it."""
    found: list[Step] = []
    sounding = False
    for symbol, start, length in cells:
        if symbol == HOLD and sounding:
            last = found[-1]
            found[-1] = Step(last.start, start + length - last.start, last.symbol)
        elif symbol not in (REST, HOLD):
            found.append(Step(start, length, symbol))
        sounding = symbol not in REST and bool(found)
    return tuple(found)
