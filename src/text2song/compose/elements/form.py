"""Fits the sections of a song form to a length in whole bars.

Songs breathe in fours: sections keep multiples of four bars wherever the length allows, all verses have one length,
and what cannot be divided so is a last bar or two of the ending. The fit is exact dynamic programming over the kinds
of section.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction

#: Kinds that are the goal of a song; the last of them may outgrow the others.
PEAKS = frozenset({SectionKind.CHORUS, SectionKind.DROP})
#: What rings on after the last bar: so many bars, but at most and at least so many seconds, less where the sound would
#: else pass the asked length by this much of a bar.
_RING_BARS, _RING_MOST, _RING_LEAST, _RING_ROOM = Fraction(3, 4), Fraction(2), Fraction(3, 10), Fraction(19, 20)
#: Bars shorter than this, seconds, are counted out to the bar.
_QUICK = Fraction(1)
#: How many bars off a length of 4n, 4n + 1 (a last chord after the last phrase), 4n + 2, 4n + 3 bars is worth.
_UNEVEN = (Fraction(0), Fraction(1, 8), Fraction(1, 8), Fraction(1, 2))
#: Cost of a section of 12 or 20 bars where 8 or 16 would be usual, and of breaking a strain of fixed length.
_ODD_COST, _BROKEN_COST = 0.3, 4.0
#: Cost of a repeated or left-out cycle, of leaving out what lies between two goals, and how much dearer it is to
#: stretch a section than to shorten it.
_CYCLE_COST, _CUT_COST, _STRETCH = 0.4, 0.2, 1.4
#: Bars from which a song should not go through its form only once, and what each more costs.
_ONCE, _ONCE_COST = 32, 0.05
_LONGEST = 32
#: Bars from which a stretched section is felt as too long, and what each four more cost.
_LONG, _LONG_COST = 16, 0.6
#: The frame of a song gives way before its body, and may not outgrow it: cost of each four bars over its limit.
_FRAME = frozenset({SectionKind.INTRO, SectionKind.OUTRO, SectionKind.INTERLUDE, SectionKind.BREAKDOWN})
_FRAME_COST, _OVER_COST = 0.6, 6.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form: a kind of section and its usual length in bars."""

    kind: SectionKind
    bars: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fitted form keeps to."""

    #: The longest intro and outro in bars.
    intro: int = 8
    outro: int = 8
    #: Whether the outro must not be longer than the last goal.
    brief: bool = False
    #: Kinds that are sung in strains of so many bars, never a part of one: 12 in a blues.
    strains: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What every allocation of one fit shares."""

    unit: int
    #: What leaving a kind out costs; None where every section must stay.
    keep: Mapping[str, float] | None
    limits: Limits
    longest: int = _LONGEST


#: A form and its cost.
_Variant = tuple[float, tuple[Slot, ...]]


def read_form(text: str) -> tuple[Slot, ...]:
    """Read "intro:4 verse:8 chorus:8"."""
    pairs = (word.split(":") for word in text.split())
    return tuple(Slot(SectionKind(kind), int(bars)) for kind, bars in pairs)


def whole_bars(seconds: float, bpm: Fraction, bar: Fraction) -> int:
    """Return how many bars of `bar` quarter notes to write for a sound of a length in seconds.

    With the ring-out after the last bar the sound is never more than a bar from that length, and the bars themselves
    never more than a bar or, where bars last a second or more, 2 %. Within that the sound is as near as whole bars
    allow, unless a number of bars that is no multiple of four would have to be written for a small gain.
    """
    asked = Fraction(seconds).limit_denominator(10_000)
    length = bar * 60 / bpm
    most = math.floor(asked / length) + 1
    least = math.floor((asked - _RING_MOST) / length) - 1

    def cost(bars: int) -> tuple[bool, Fraction, int]:
        off = abs(sounding(bars, asked, length) - asked) / length
        written = abs(bars * length - asked)
        far = off > 1 or written > (length if length < _QUICK else max(length, asked / 50))
        # Beyond three quarters of a bar the ring-out is cut short.
        return far, off + _UNEVEN[bars % 4] + (off > _RING_BARS), bars % 4

    return min(range(max(1, least), max(1, most) + 1), key=cost)


def sounding(bars: int, asked: Fraction, length: Fraction) -> Fraction:
    """Return the seconds that `bars` bars of `length` seconds sound, ring-out included, when `asked` were wanted."""
    room = asked + _RING_ROOM * length - bars * length
    return bars * length + max(_RING_LEAST, min(_RING_MOST, _RING_BARS * length, room))


def fit(form: Sequence[Slot], bars: int, keep: Mapping[str, float], limits: Limits | None = None) -> tuple[Slot, ...]:
    """Return the form with sections shortened, left out or repeated so that it has exactly `bars` bars.

    `keep` holds what leaving out a section of each kind costs.
    """
    if bars < 4:
        return (Slot(max((slot.kind for slot in form), key=lambda kind: keep.get(kind, 1.0)), bars),)
    terms = _Terms(4 if bars >= 8 else 2, keep, limits or Limits())
    found = _best(_variants(form, bars, terms.limits), bars, terms)
    while terms.limits.brief and _trails(found) and terms.limits.outro:
        # Strictly less each time: an outro that cannot shrink below its limit would be asked to for ever.
        shorter = min(found[-1].bars // 2, terms.limits.outro - 1)
        terms = replace(terms, limits=replace(terms.limits, outro=shorter))
        found = _best(_variants(form, bars, terms.limits), bars, terms)
    return found


def fit_asked(kinds: Sequence[SectionKind], natural: Mapping[str, int], bars: int) -> tuple[Slot, ...]:
    """Return exactly the sections asked for, their usual lengths stretched to `bars` bars in all.

    There must be at least as many bars as sections.
    """
    unit = next(unit for unit in (4, 2, 1) if bars // unit >= len(kinds))
    ratio = bars / sum(natural.get(kind, 8) for kind in kinds)
    form = [Slot(kind, max(unit, round(natural.get(kind, 8) * ratio))) for kind in kinds]
    longest = max(_LONGEST, 3 * unit * math.ceil(bars / unit / len(form)))
    return _best([(0.0, tuple(form))], bars, _Terms(unit, None, Limits(), longest))


def _trails(slots: Sequence[Slot]) -> bool:
    """Return whether the outro is longer than the last goal, or without one than the section before it."""
    goals = [slot for slot in slots if slot.kind in PEAKS]
    goal = goals[-1] if goals else slots[-2] if len(slots) > 1 else slots[-1]
    return slots[-1].kind is SectionKind.OUTRO and slots[-1].bars > goal.bars


def _variants(form: Sequence[Slot], bars: int, limits: Limits) -> list[_Variant]:
    """Return the form as written, cut after one of its goals, once through, and with its first cycle repeated."""
    kinds = list(dict.fromkeys(slot.kind for slot in form))
    once = sorted((_place(form, kind), kind) for kind in kinds)
    dear = _CYCLE_COST + _ONCE_COST * max(0, bars - _ONCE)
    variants = [(0.0, tuple(form)), (dear, tuple(form[place] for place, _ in once))]
    first = 1 if form[0].kind is SectionKind.INTRO else 0
    goals = [place for place, slot in enumerate(form) if slot.kind in PEAKS and place > first]
    for left, right in combinations(goals, 2):
        variants.append((_CUT_COST, (*form[: left + 1], *form[right + 1 :])))
    strains = [place for place, slot in enumerate(form) if slot.kind in limits.strains]
    variants.extend((_CUT_COST, (*form[:place], *form[place + 1 :])) for place in strains)
    return [*variants, *_repeats(form, first, goals[0] + 1 if goals else max(first + 1, len(form) - 1), bars)]


def _repeats(form: Sequence[Slot], first: int, end: int, bars: int) -> Iterator[_Variant]:
    """Yield the form with the cycle from place `first` to `end` repeated as often as can be of use."""
    # A form that opens with its chorus goes on to it from every verse.
    opening = first + 1 if form[first].kind in PEAKS and end - first > 1 else first
    cycle = tuple(form[opening:end])
    usual, again = sum(slot.bars for slot in form), sum(slot.bars for slot in cycle)
    least = max(1, (bars // 2 - usual) // again)
    for times in range(least, max(least, (2 * bars - usual) // again) + 1):
        yield _CYCLE_COST * times, (*form[:end], *(cycle * times), *form[end:])


def _place(form: Sequence[Slot], kind: SectionKind) -> int:
    places = [place for place, slot in enumerate(form) if slot.kind is kind]
    return places[-1] if kind in PEAKS else places[0]


def _best(variants: Sequence[_Variant], bars: int, terms: _Terms) -> tuple[Slot, ...]:
    """Return the cheapest of the variants with `bars` bars in all, no section empty."""
    best, slots = math.inf, variants[0][1]
    for dear, whole in variants:
        for home, at_home, form in _homes(whole, bars % terms.unit, terms):
            cost, sizes = _allocate(form, bars, home, terms)
            if cost + dear + at_home < best:
                best = cost + dear + at_home
                slots = tuple(Slot(slot.kind, size) for slot, size in zip(form, sizes, strict=True) if size)
    return slots


def _homes(form: tuple[Slot, ...], spare: int, terms: _Terms) -> Iterator[tuple[int, float, tuple[Slot, ...]]]:
    """Yield the places that may take the bars that make no whole unit, −1 for none, each with its cost and the form.

    The spare bars belong to the last section, where one is the bar of the last chord, or to the intro.
    """
    if spare == 0:
        yield -1, 0.0, form
        return
    last = len(form) - 1
    yield last, 0.2, form
    if form[0].kind is SectionKind.INTRO and last and spare != 1:
        yield 0, 0.6, form
    if form[last].kind is SectionKind.OUTRO and last and terms.keep is not None:
        yield last - 1, terms.keep.get(SectionKind.OUTRO, 1.0) + 0.2 * spare, form[:-1]


def _allocate(form: Sequence[Slot], bars: int, home: int, terms: _Terms) -> tuple[float, tuple[int, ...]]:
    """Return the cost and the bars per place that add up to `bars`; `home` takes what makes no whole unit."""
    groups = _groups(form)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for slot, places in groups:
        spare = bars % terms.unit if home in places else 0
        options = [(size * len(places), size, len(places) * cost) for size, cost in _sizes(slot, spare, terms)]
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (cost, chosen) in best.items():
            for wide, size, dear in options:
                now = used + wide
                if now > bars:
                    break
                if now not in grown or cost + dear < grown[now][0]:
                    grown[now] = (cost + dear, (*chosen, size))
        best = grown
    if bars not in best:
        return math.inf, ()
    cost, chosen = best[bars]
    by_place = {place: size for (_, places), size in zip(groups, chosen, strict=True) for place in places}
    return cost, tuple(by_place[place] for place in range(len(form)))


def _sizes(slot: Slot, spare: int, terms: _Terms) -> list[tuple[int, float]]:
    """Return the bars a section may have, shortest first, with their costs."""
    least = 0 if terms.keep is not None else terms.unit
    sizes = [size + spare for size in range(least, terms.longest + 1, terms.unit)]
    # One bar is no section.
    return [(size, _cost(slot, size, terms)) for size in sizes if size != 1 or terms.unit == 1]


def _groups(form: Sequence[Slot]) -> list[tuple[Slot, tuple[int, ...]]]:
    """Group the places of a form by kind and usual length; the first and last place and the last peak stand alone."""
    goals = [place for place, slot in enumerate(form) if slot.kind in PEAKS]
    alone = {goals[-1] if goals else -1, len(form) - 1, 0 if form[0].kind is SectionKind.INTRO else -1}
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, slot in enumerate(form):
        groups.setdefault((slot.kind, slot.bars, place in alone and place), []).append(place)
    return [(form[places[0]], tuple(places)) for places in groups.values()]


def _cost(slot: Slot, bars: int, terms: _Terms) -> float:
    if bars == 0:
        return (terms.keep or {}).get(slot.kind, 1.0)
    units = bars // terms.unit
    odd = _ODD_COST if units > 2 and units % 2 and bars != slot.bars else 0.0
    strain = terms.limits.strains.get(slot.kind)
    odd += _BROKEN_COST if strain and bars % strain else 0.0
    most = {SectionKind.INTRO: terms.limits.intro, SectionKind.OUTRO: terms.limits.outro}.get(slot.kind, bars)
    odd += _OVER_COST * max(0, bars - most) / 4
    octaves = math.log2(bars / slot.bars)
    if octaves > 0:
        return _STRETCH * octaves + odd + _LONG_COST * max(0, bars - _LONG) / 4
    return -octaves * (_FRAME_COST if slot.kind in _FRAME else 1.0) + odd
