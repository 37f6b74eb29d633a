"""Fits the sections of a song form to a length in whole bars.

Songs breathe in fours: sections keep multiples of four bars wherever the length allows, all verses have one length,
and what cannot be divided so is a longer ending. The fit is exact dynamic programming over the kinds of section.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from text2song.domain.composition import SectionKind

#: Kinds that are the goal of a song; the last of them may outgrow the others.
PEAKS = frozenset({SectionKind.CHORUS, SectionKind.DROP})
#: Cost of a section of 12 or 20 bars where 8 or 16 would be usual.
_ODD_COST = 0.3
#: Cost of a repeated or left-out cycle, of leaving out what lies between two goals, and how much dearer it is to
#: stretch a section than to shorten it.
_CYCLE_COST, _CUT_COST, _STRETCH = 0.4, 0.2, 1.4
_LONGEST = 8
#: Units (of four bars) from which a stretched section is felt as too long, and what each more costs.
_LONG, _LONG_COST = 4, 0.6
#: The frame of a song gives way before its body.
_FRAME = frozenset({SectionKind.INTRO, SectionKind.OUTRO, SectionKind.INTERLUDE, SectionKind.BREAKDOWN})
_FRAME_COST = 0.6


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form: a kind of section and its usual length in bars."""

    kind: SectionKind
    bars: int


def read_form(text: str) -> tuple[Slot, ...]:
    """Read "intro:4 verse:8 chorus:8"."""
    pairs = (word.split(":") for word in text.split())
    return tuple(Slot(SectionKind(kind), int(bars)) for kind, bars in pairs)


def whole_bars(seconds: float, bpm: Fraction, bar: Fraction) -> int:
    """Return how many bars of `bar` quarter notes to write for a length in seconds.

    At most one bar or 2 % from it, on the short side where there is a choice because the last chord rings on;
    a multiple of four bars if one is in reach, else of two.
    """
    exact = Fraction(seconds).limit_denominator(10_000) * bpm / 60 / bar
    short = max(Fraction(1), exact / 50)
    least = max(1, math.ceil(exact - short))
    most = math.floor(exact + max(Fraction(1, 2), short - 1))
    candidates = range(least, max(least, most) + 1)
    if exact < 8:
        return min(candidates, key=lambda bars: abs(bars - exact) + Fraction(bars % 2, 4))
    return min(candidates, key=lambda bars: (_hypermetre(bars), abs(bars - exact), bars))


def fit(form: Sequence[Slot], bars: int, keep: Mapping[str, float]) -> tuple[Slot, ...]:
    """Return the form with sections shortened, left out or repeated so that it has exactly `bars` bars.

    `keep` holds what leaving out a section of each kind costs.
    """
    if bars < 4:
        return (Slot(max((slot.kind for slot in form), key=lambda kind: keep.get(kind, 1.0)), bars),)
    unit = 4 if bars >= 8 else 2
    total = bars // unit
    best = min(_variants(form, total), key=lambda variant: variant[0] + _allocate(variant[1], total, unit, keep)[0])[1]
    units = _allocate(best, total, unit, keep)[1]
    slots = [Slot(slot.kind, count * unit) for slot, count in zip(best, units, strict=True) if count]
    return _lengthen(slots, bars - total * unit)


def fit_asked(kinds: Sequence[SectionKind], natural: Mapping[str, int], bars: int) -> tuple[Slot, ...]:
    """Return exactly the sections asked for, their usual lengths stretched to `bars` bars in all.

    There must be at least as many bars as sections.
    """
    unit = next(unit for unit in (4, 2, 1) if bars // unit >= len(kinds))
    ratio = bars / sum(natural.get(kind, 8) for kind in kinds)
    form = [Slot(kind, max(unit, round(natural.get(kind, 8) * ratio))) for kind in kinds]
    units = _allocate(form, bars // unit, unit, None)[1]
    return _lengthen([Slot(slot.kind, count * unit) for slot, count in zip(form, units, strict=True)], bars % unit)


def _hypermetre(bars: int) -> int:
    return 0 if bars % 4 == 0 else 1 if bars % 2 == 0 else 2


def _variants(form: Sequence[Slot], total: int) -> list[tuple[float, tuple[Slot, ...]]]:
    """Return the form as written, cut after one of its goals, once through, and with its first cycle repeated.

    Each comes with a cost.
    """
    kinds = list(dict.fromkeys(slot.kind for slot in form))
    once = sorted((_place(form, kind), kind) for kind in kinds)
    variants = [(0.0, tuple(form)), (_CYCLE_COST, tuple(form[place] for place, _ in once))]
    first = 1 if form[0].kind is SectionKind.INTRO else 0
    goals = [place for place, slot in enumerate(form) if slot.kind in PEAKS and place > first]
    for left, right in combinations(goals, 2):
        variants.append((_CUT_COST, (*form[: left + 1], *form[right + 1 :])))
    end = goals[0] + 1 if goals else max(first + 1, len(form) - 1)
    cycle = tuple(form[first:end])
    repeats = range(1, total // 6 + 1)
    return [*variants, *((_CYCLE_COST * times, (*form[:end], *(cycle * times), *form[end:])) for times in repeats)]


def _place(form: Sequence[Slot], kind: SectionKind) -> int:
    places = [place for place, slot in enumerate(form) if slot.kind is kind]
    return places[-1] if kind in PEAKS else places[0]


def _allocate(
    form: Sequence[Slot], total: int, unit: int, keep: Mapping[str, float] | None
) -> tuple[float, tuple[int, ...]]:
    """Return the cost and the units per slot that add up to `total`; sections may go only with a `keep` table."""
    groups = _groups(form)
    longest = _LONGEST if keep is not None else max(_LONGEST, 3 * math.ceil(total / len(form)))
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for kind, places in groups:
        ideal = form[places[0]].bars / unit
        least = 0 if keep is not None else 1
        dear = (keep or {}).get(kind, 1.0)
        costs = [len(places) * _cost(kind, units, ideal, dear) for units in range(longest + 1)]
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (cost, chosen) in best.items():
            for units in range(least, longest + 1):
                now = used + units * len(places)
                if now > total:
                    break
                if now not in grown or cost + costs[units] < grown[now][0]:
                    grown[now] = (cost + costs[units], (*chosen, units))
        best = grown
    if total not in best:
        return math.inf, ()
    cost, chosen = best[total]
    by_place = {place: units for (_, places), units in zip(groups, chosen, strict=True) for place in places}
    return cost, tuple(by_place[place] for place in range(len(form)))


def _groups(form: Sequence[Slot]) -> list[tuple[SectionKind, tuple[int, ...]]]:
    """Group the places of a form by kind and usual length; the last place stands alone, as does the last peak."""
    goals = [place for place, slot in enumerate(form) if slot.kind in PEAKS]
    alone = {goals[-1] if goals else -1, len(form) - 1}
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, slot in enumerate(form):
        groups.setdefault((slot.kind, slot.bars, place in alone and place), []).append(place)
    return [(form[places[0]].kind, tuple(places)) for places in groups.values()]


def _cost(kind: SectionKind, units: int, ideal: float, keep: float) -> float:
    if units == 0:
        return keep
    odd = _ODD_COST if units > 2 and units % 2 and units != ideal else 0.0
    octaves = math.log2(units / ideal)
    if octaves > 0:
        return _STRETCH * octaves + odd + _LONG_COST * max(0, units - _LONG)
    return -octaves * (_FRAME_COST if kind in _FRAME else 1.0) + odd


def _lengthen(slots: list[Slot], bars: int) -> tuple[Slot, ...]:
    """Give the bars that make no whole unit to the ending, or to the beginning where there is no ending."""
    kinds = [slot.kind for slot in slots]
    place = len(slots) - 1
    if SectionKind.OUTRO not in kinds and SectionKind.INTRO in kinds:
        place = kinds.index(SectionKind.INTRO)
    slots[place] = Slot(slots[place].kind, slots[place].bars + bars)
    return tuple(slots)
