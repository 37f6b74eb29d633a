"""Lines in bars: which of a section's bars each line is sung in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.words.setting import BREATH, Span
from text2song.domain.rational import Fraction

#: Syllables a second of an easy line, and of one sung as fast as may be understood.
_EASY_RATE, _FAST_RATE = 2.9, 5.0
#: Seconds of a syllable below which no line has ever been set.
_SHORTEST = 0.14
#: A stanza is sung again in its section where its lines would each have this much more time than they need.
_EMPTY = 2.1
#: A tune closes every so many bars; what a line that runs across a close costs, more than any crowding.
_PHRASE_BARS, _STRADDLING = 4, 10_000.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A line's place: its index among the lines of the stanza, its first bar in the section, its bars."""

    line: int
    bar: Fraction
    bars: Fraction


def line_slots(counts: Sequence[int], bars: int, bar_seconds: float, *, again: bool = True) -> tuple[Slot, ...]:
    """Share the bars of a section among lines of so many syllables; a short stanza is sung again where `again` says so.

    Lines begin on bar lines as long as there is a bar for each, else on half bars. Lines that cannot be sung in time
    are left out at the end: fewer slots than lines.
    """
    if not counts or bars <= 0:
        return ()
    fitting = _fitting(counts, bars * bar_seconds)
    times = _times(counts[:fitting], bars * bar_seconds) if again else 1
    order = [index for _ in range(times) for index in range(fitting)]
    unit = next((unit for unit in (4, 2, 1) if bars % unit == 0 and bars // unit >= len(order)), Fraction(1, 2))
    return _shared([counts[index] for index in order], order, Fraction(bars), Fraction(unit))


def returning_slots(counts: Sequence[int], bars: int, cell: int, bar_seconds: float) -> tuple[Slot, ...]:
    """Share `bars` as `line_slots` does `cell` bars, over and over: what comes back is sung as it was before.

    Bars that are left over take the last lines once more. Where `cell` bars are too short for all lines, or no
    shorter than the section, every bar is shared among them.
    """
    first = line_slots(counts, cell, bar_seconds)
    whole = line_slots(counts, bars, bar_seconds)
    if not 0 < cell < bars or {slot.line for slot in first} != {slot.line for slot in whole}:
        return whole
    times, rest = divmod(bars, cell)
    last = tuple(slot for slot in first if slot.bar >= cell - rest)
    if rest and (not last or last[0].bar != cell - rest):
        return whole
    turns = [replace(slot, bar=slot.bar + turn * cell) for turn in range(times) for slot in first]
    return (*turns, *(replace(slot, bar=slot.bar + bars - cell) for slot in last))


def spans(slots: Sequence[Slot], start: Fraction, bar: Fraction, quarter: float, cell: int = 0) -> list[Span]:
    """Return where each line may be sound: from an upbeat before its bar to a breath before the next line's upbeat.

    The last line of every `cell` bars has as much room as the last of all: what comes back is sung as it was before.
    """
    breath = Fraction(max(1, math.ceil(BREATH / quarter * 4)), 4)
    upbeat = min(Fraction(1), bar / 4)
    found: list[Span] = []
    for index, slot in enumerate(slots):
        first = start + slot.bar * bar
        last = first + slot.bars * bar
        short = slot.bars * bar * Fraction(quarter).limit_denominator(1000) < 2
        lead = Fraction(1, 2) if short else upbeat
        before = found[-1].last + breath if found else start
        closes = cell > 0 and (slot.bar + slot.bars) % cell == 0
        follows = index + 1 < len(slots) and not closes
        end = last - breath - (min(lead, Fraction(1, 2)) if follows else 0)
        # A line has a quarter of a bar at least, or half of its place where that is less: none begins in the next.
        found.append(Span(max(first - lead, before), first, max(end, first + min(bar / 4, slot.bars * bar / 2))))
    return found


def singable(count: int, seconds: float) -> bool:
    """Whether a line of so many syllables can be sung in a time at all; no other line makes room for one that cannot.

    >>> singable(12, 4.0), singable(900, 60.0)
    (True, False)
    """
    return count * _SHORTEST <= seconds


def seconds_needed(count: int) -> float:
    """Return how long an easy line of so many syllables takes, its breath included."""
    return count / _EASY_RATE + BREATH + 0.4


def _fitting(counts: Sequence[int], seconds: float) -> int:
    """Return how many lines fit when sung as fast as may be, one at least."""
    used = 0.0
    for index, count in enumerate(counts):
        used += count / _FAST_RATE + BREATH
        if used > seconds and index:
            return index
    return len(counts)


def _times(counts: Sequence[int], seconds: float) -> int:
    needed = sum(seconds_needed(count) for count in counts)
    return 1 if seconds < _EMPTY * needed else max(1, min(8, round(seconds / needed / 1.35)))


def _shared(counts: Sequence[int], order: Sequence[int], bars: Fraction, unit: Fraction) -> tuple[Slot, ...]:
    """Give every line whole units, the spare ones to the longest lines; none straddles the edge of a phrase."""
    total = int(bars / unit)
    if total < len(order):
        share = bars / len(order)
        return tuple(Slot(line, share * place, share) for place, line in enumerate(order))
    edge = Fraction(0)
    found = []
    for line, size in zip(order, _sizes(counts, total, max(1, int(_PHRASE_BARS / unit))), strict=True):
        found.append(Slot(line, edge, size * unit))
        edge += size * unit
    return tuple(found)


def _sizes(counts: Sequence[int], total: int, phrase: int) -> tuple[int, ...]:
    """Return the units of each line, `total` in all, by dynamic programming; a phrase has so many units.

    Crowded lines cost, and so do lines that begin inside a phrase and end inside the next. Ties go to the later line,
    so that phrases end with room.
    """
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = [{0: (0.0, ())}]
    for number, count in enumerate(counts):
        left = len(counts) - number - 1
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for edge, (cost, sizes) in best[-1].items():
            for size in range(1, total - edge - left + 1):
                end = edge + size
                straddles = edge % phrase and end % phrase and edge // phrase != end // phrase
                grown = cost + (count / size) ** 2 + (_STRADDLING if straddles else 0.0)
                if end not in found or grown < found[end][0] - 1e-9:
                    found[end] = (grown, (*sizes, size))
        best.append(found)
    return best[-1][total][1]
