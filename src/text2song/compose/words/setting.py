"""Syllables in time: one each, stressed ones where the metre is strong, at the pace of singing, with room to breathe.

The search follows the accent-matching idea of text setting (Halle & Lerdahl 1993, "A generative textsetting model"):
of all order-preserving ways to put a line into its bars, take the one whose stresses fall best. Exact dynamic
programming over (syllable, place on the grid).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from text2song.compose.metre import strength
from text2song.compose.words.syllables import WordSyllable
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

#: Seconds: the shortest grid step, the shortest syllable, the pace of a line with room, the longest breath-free hold.
_STEP_LEAST, _SHORTEST, _EASY, _QUICK, _HOLD = 0.155, 0.14, 0.33, 0.25, 1.9
#: Syllables held for longer than this inside a line are hard to understand: twice as long as spoken. What one costs.
_STRETCHED, _STRETCHING = 0.5, 0.45
#: Rest at the end of a line, seconds.
BREATH = 0.38
#: Costs: a stress on a weak place, a weak syllable on a strong one, a pair the wrong way round, a place off the tune,
#: one off what an earlier line of the same tune was sung to, an end that is not the tune's.
_WEAK_STRESS, _STRONG_WEAK, _WRONG_PAIR, _FLAT_RISE, _OFF_TUNE, _OFF_ECHO, _OFF_CLOSE = (
    1.3,
    0.5,
    3.2,
    0.7,
    0.35,
    0.4,
    0.9,
)
_PACE, _SPLIT_WORD, _LATE, _CRAMPED_END, _FINER = 1.1, 1.2, 0.5, 10.0, 3.0
#: How long the last syllable should have, seconds.
_END = 0.7
#: The longest step between two syllables of a line, seconds.
_REACH = 1.3


@dataclass(frozen=True, slots=True)
class Span:
    """Where a line may be sung, quarter notes from the start of the song."""

    #: No syllable begins before it (room for an upbeat included).
    first: Fraction
    #: The bar line the line belongs to.
    bar: Fraction
    #: The line has ended by then.
    last: Fraction


@dataclass(frozen=True, slots=True)
class _Grid:
    places: tuple[Fraction, ...]
    strengths: tuple[float, ...]
    #: Seconds of one step.
    step: float
    #: Seconds a syllable should take.
    pace: float
    #: What each place costs for being off the tune or off the earlier line.
    off: tuple[float, ...]
    #: Seconds from each place to the end of the span, and how late it is after the bar line.
    left: tuple[float, ...]
    #: What each place costs as the last one: the tune's own close is where a line should come to rest.
    closing: tuple[float, ...]
    late: tuple[float, ...]


def set_line(
    syllables: Sequence[WordSyllable],
    span: Span,
    metre: TimeSignature,
    quarter: float,
    tune: Sequence[Fraction] = (),
    echo: Sequence[Fraction] = (),
) -> list[tuple[Fraction, Fraction]]:
    """Return (start, duration) of each syllable; empty where the line does not fit its span at all.

    `quarter` is the length of a quarter note in seconds, `tune` the onsets of the melody that would be sung: they are
    preferred, so that the words move with it. So are the places of `echo`, where an earlier line of the same tune would
    have its syllables.
    """
    if not syllables:
        return []
    best: tuple[float, list[Fraction]] = (math.inf, [])
    for number, step in enumerate(_steps(quarter)):
        grid = _grid(span, step, metre, quarter, (tune, echo), len(syllables))
        if len(grid.places) < len(syllables):
            continue
        cost, chosen = _placed(syllables, grid)
        # Another grid than the usual one has to be worth it.
        if cost + number * _FINER < best[0]:
            best = cost + number * _FINER, [grid.places[index] for index in chosen]
    return _durations(best[1], span, quarter) if best[1] else []


def _steps(quarter: float) -> list[Fraction]:
    """Return the grids to try, the one singers use first."""
    usable = [step for step in (Fraction(1, 2), Fraction(1, 4)) if float(step) * quarter >= _STEP_LEAST]
    wide = [Fraction(1)] if not usable or float(usable[0]) * quarter < _STEP_LEAST * 1.1 else []
    return [*wide, *usable] or [Fraction(1, 2)]


def _grid(
    span: Span,
    step: Fraction,
    metre: TimeSignature,
    quarter: float,
    liked: tuple[Sequence[Fraction], Sequence[Fraction]],
    count: int,
) -> _Grid:
    first = math.ceil(span.first / step)
    places = tuple(step * index for index in range(first, math.ceil(span.last / step)))
    room = float(span.last - span.bar) * quarter
    onsets, echo = map(frozenset, liked)
    close = max((place for place in onsets if span.bar <= place < span.last), default=None)
    return _Grid(
        places,
        tuple(strength(place, metre) for place in places),
        float(step) * quarter,
        min(_EASY, max(_QUICK, 0.8 * room / max(1, count))),
        tuple(_OFF_TUNE * (place not in onsets) + _OFF_ECHO * (bool(echo) and place not in echo) for place in places),
        tuple(float(span.last - place) * quarter for place in places),
        tuple(0.0 if close is None or place == close else _OFF_CLOSE for place in places),
        tuple(float(place - span.bar) * quarter for place in places),
    )


def _placed(syllables: Sequence[WordSyllable], grid: _Grid) -> tuple[float, list[int]]:
    """Return the least cost and the index of each syllable's place, by dynamic programming; infinite without a way."""
    count = len(grid.places)
    reach = max(1, round(_REACH / grid.step))
    best = [_own(syllables[0], grid, place) + _first_cost(grid.late[place]) for place in range(count)]
    back: list[list[int]] = []
    for before, syllable in pairwise(syllables):
        gaps = [math.inf, *(_gap_cost(before, gap * grid.step, grid.pace) for gap in range(1, reach + 1))]
        best, origins = _next(best, gaps, _pair_costs(before, syllable), grid.strengths)
        best = [cost + _own(syllable, grid, place) if place else cost for place, cost in enumerate(best)]
        back.append(origins)
    ends = [cost + _end_cost(grid.left[place]) + grid.closing[place] for place, cost in enumerate(best)]
    last = min(range(count), key=ends.__getitem__)
    if ends[last] == math.inf:
        return math.inf, []
    chosen = [last]
    for origins in reversed(back):
        chosen.append(origins[chosen[-1]])
    return ends[last], chosen[::-1]


def _next(
    best: Sequence[float], gaps: Sequence[float], pair: tuple[float, float, float], strengths: Sequence[float]
) -> tuple[list[float], list[int]]:
    """Return what it costs at least to have the next syllable at each place, and where the one before then is.

    `pair` is what is added where the bar is stronger at the earlier place, where both are alike, and at the later one.
    """
    stronger, alike, weaker = pair
    costs, origins = [math.inf] * len(best), [0] * len(best)
    reached = [(origin, cost, strengths[origin]) for origin, cost in enumerate(best) if cost < math.inf]
    for origin, before, one in reached:
        for place, gap in enumerate(gaps[1 : len(best) - origin], start=origin + 1):
            cost = before + gap
            if cost < costs[place]:
                two = strengths[place]
                cost += stronger if one > two else weaker if two > one else alike
                if cost < costs[place]:
                    costs[place], origins[place] = cost, origin
    return costs, origins


def _own(syllable: WordSyllable, grid: _Grid, place: int) -> float:
    weight = grid.strengths[place]
    cost = _WEAK_STRESS * (1.0 - weight) if syllable.stressed else _STRONG_WEAK * weight
    return cost + grid.off[place]


def _pair_costs(before: WordSyllable, after: WordSyllable) -> tuple[float, float, float]:
    """Return what two syllables cost where the first is at the stronger place, at an equal one, and at the weaker."""
    if before.stressed and not after.stressed:
        return 0.0, _WRONG_PAIR, _WRONG_PAIR
    flat = _FLAT_RISE if after.stressed and not before.stressed else 0.0
    return flat, flat, 0.0


def _gap_cost(before: WordSyllable, seconds: float, pace: float) -> float:
    if seconds < _SHORTEST:
        return math.inf
    octaves = math.log2(seconds / pace)
    split = 0.0 if before.ends_word else _SPLIT_WORD * max(0.0, seconds - 0.5)
    return _PACE * octaves * octaves + split + (_STRETCHING if seconds > _STRETCHED else 0.0)


def _first_cost(late: float) -> float:
    return _LATE * (abs(late) if late <= 0 else 0.8 * late)


def _end_cost(left: float) -> float:
    """The last syllable is held: it needs more time than the others."""
    return math.inf if left < _SHORTEST else _CRAMPED_END * max(0.0, _END - left)


def _durations(starts: Sequence[Fraction], span: Span, quarter: float) -> list[tuple[Fraction, Fraction]]:
    """Join the syllables; the last one is held as long as it may be."""
    longest = Fraction(max(1, round(_HOLD / quarter * 2)), 2)
    found = [(one, min(two - one, longest)) for one, two in pairwise(starts)]
    return [*found, (starts[-1], min(span.last - starts[-1], longest))]
