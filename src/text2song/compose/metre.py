"""Metrical strength: the one answer to how strong a position in the bar is, for tunes, words, hands and clocks.

The levels follow the metrical grid of Lerdahl & Jackendoff (1983, "A Generative Theory of Tonal Music"): every position
is as strong as the highest layer of the grid that it belongs to. Additive bars such as 7/8 and 5/4 have uneven layers.
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import MappingProxyType

from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

#: What `level` returns: between, subdivision of a beat, beat, strong beat, start of the bar.
BETWEEN, DIVISION, BEAT, STRONG, BAR = range(5)

_SIXTEENTH = Fraction(1, 4)
_EIGHTH = Fraction(1, 2)
_DOTTED = Fraction(3, 2)
#: Lengths in sixteenths from which bars are put together, the largest first; how uneven bars are counted, and divided.
_LENGTHS = (16, 12, 8, 6, 4)
_USUAL = MappingProxyType({(5, 8): (3, 2), (7, 8): (2, 2, 3), (5, 4): (3, 2)})
_UNEVEN = MappingProxyType({10: (6, 4), 14: (8, 6), 20: (12, 8), 28: (16, 12)})


def bar_groups(metre: TimeSignature) -> tuple[int, ...]:
    """Return the lengths in sixteenths of the pieces a bar is put together from.

    >>> bar_groups(TimeSignature(7, 8)), bar_groups(TimeSignature(5, 4)), bar_groups(TimeSignature(7, 8, (3, 2, 2)))
    ((8, 6), (12, 8), (6, 8))
    """
    left = int(metre.bar / _SIXTEENTH)
    compound = metre.pulse == _DOTTED
    if metre.groups and not compound:
        return _said(metre)
    if left in _UNEVEN and not compound:
        return _UNEVEN[left]
    groups: list[int] = []
    lengths = (6,) if compound else _LENGTHS
    while left > 0:
        groups.append(next((length for length in lengths if length <= left), left))
        left -= groups[-1]
    return tuple(groups)


def _said(metre: TimeSignature) -> tuple[int, ...]:
    """Return the groups that a metre names, in sixteenths; two groups of two eighths in a row are one piece."""
    found: list[int] = []
    for group in metre.groups:
        length = group * 16 // metre.denominator
        if length == 4 and found and found[-1] == 4:
            found[-1] = 8
        else:
            found.append(length)
    return tuple(found)


def group_starts(metre: TimeSignature) -> tuple[Fraction, ...]:
    """Return where the groups of a bar begin, in quarter notes, as they are said or usual; (0,) for an even bar.

    >>> [str(start) for start in group_starts(TimeSignature(7, 8))]
    ['0', '1', '2']
    """
    lengths = counted_groups(metre)
    return tuple(sum(lengths[:number]) * Fraction(4, metre.denominator) for number in range(max(1, len(lengths))))


def counted_groups(metre: TimeSignature) -> tuple[int, ...]:
    """Return the groups that an uneven bar is counted in, in its own units; none for an even one."""
    return metre.groups or _USUAL.get((metre.numerator, metre.denominator), ())


@cache
def beats(metre: TimeSignature) -> tuple[Fraction, ...]:
    """Return where the felt beats of a bar begin, in quarter notes.

    Uneven bars of eighths are felt in twos with a three: 7/8 as 2+2+3, 5/8 as 3+2.

    >>> [str(beat) for beat in beats(TimeSignature(7, 8))]
    ['0', '1', '2']
    """
    if metre.pulse >= 1:
        return tuple(number * metre.pulse for number in range(int(metre.bar / metre.pulse)))
    found: list[Fraction] = []
    start = Fraction(0)
    for length in bar_groups(metre):
        steps = range(1) if length == 6 else range(max(1, length // 4))
        found.extend(start + step for step in steps)
        start += length * _SIXTEENTH
    return tuple(found)


def level(position: Fraction, metre: TimeSignature) -> int:
    """Return how strong a position is, `BETWEEN` … `BAR`; the position counts quarter notes from any bar line.

    >>> [level(Fraction(eighth, 2), TimeSignature()) for eighth in range(8)]
    [4, 1, 2, 1, 3, 1, 2, 1]
    >>> [level(Fraction(eighth, 2), TimeSignature(7, 8)) for eighth in range(7)]
    [4, 1, 2, 1, 3, 1, 1]
    """
    return _level(position % metre.bar, metre)


@lru_cache(maxsize=4096)
def _level(inside: Fraction, metre: TimeSignature) -> int:
    if inside == 0:
        return BAR
    if inside in _strong(metre):
        return STRONG
    if inside in beats(metre):
        return BEAT
    division = _EIGHTH if metre.pulse in (_DOTTED, 1) or metre.pulse < 1 else metre.pulse / 2
    return DIVISION if inside % division == 0 else BETWEEN


def strength(position: Fraction, metre: TimeSignature) -> float:
    """Return `level` as a weight in 0..1.

    >>> [strength(Fraction(n, 2), TimeSignature()) for n in range(4)]
    [1.0, 0.25, 0.5, 0.25]
    """
    return level(position, metre) / BAR


@cache
def _strong(metre: TimeSignature) -> frozenset[Fraction]:
    """Return the strong beats after the first: where an uneven bar turns, else the middle of an even bar."""
    lengths = bar_groups(metre)
    if metre.pulse != _DOTTED and len(lengths) > 1:
        return frozenset(sum(lengths[:count]) * _SIXTEENTH for count in range(1, len(lengths)))
    return frozenset({metre.bar / 2}) if len(beats(metre)) % 2 == 0 else frozenset()
