"""Rules 19–21 and 24: the groove, fills and arrivals, swing, the tempo's drift."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from text2song.domain.composition import Section
from text2song.evaluation.rules.likeness import dice
from text2song.evaluation.rules.songview import GRID, Floats, Line, SongView

KICKS = (35, 36)
SNARES = (37, 38, 39, 40)
CYMBALS = (49, 52, 55, 57)
Hits = frozenset[tuple[int, int]]
#: A bar with fewer hits has no groove.
_GROOVE = 3
_SWING_HITS = 8


def bar_hits(view: SongView, line: Line) -> dict[int, Hits]:
    """Return the hits of each bar as (place on the grid, key)."""
    bars = np.floor(line.start / view.bar + 1e-9).astype(int)
    places = np.rint((line.start - bars * view.bar) * GRID).astype(int)
    found: dict[int, set[tuple[int, int]]] = {}
    for bar, place, pitch in zip(bars.tolist(), places.tolist(), line.pitch.tolist(), strict=True):
        found.setdefault(bar, set()).add((place, pitch))
    return {bar: frozenset(hits) for bar, hits in found.items()}


def groove(view: SongView) -> float | None:
    """Rule 19: mean likeness of neighbouring bars of drums inside a section."""
    if view.kit is None:
        return None
    bars = bar_hits(view, view.kit)
    pairs = [
        (bars[bar], bars[bar + 1])
        for section in view.sections
        for bar in range(section.start_bar, section.end_bar - 1)
        if min(len(bars.get(bar, ())), len(bars.get(bar + 1, ()))) >= _GROOVE
    ]
    return float(np.mean([dice(one, other) for one, other in pairs])) if len(pairs) >= 6 else None


def fills(view: SongView) -> float | None:
    """Rule 20: share of changes of section whose last bar of drums departs from the section's own, or falls silent."""
    if view.kit is None:
        return None
    bars = bar_hits(view, view.kit)
    marked = [_departs(view, bars, section) for section, _ in _boundaries(view, bars) if section.bars >= 2]
    return sum(marked) / len(marked) if len(marked) >= 2 else None


def _departs(view: SongView, bars: dict[int, Hits], section: Section) -> bool:
    """Whether the second half of the last bar is unlike that half in the bars before it."""
    half = view.bar / 2 * GRID
    last = _half(bars.get(section.end_bar - 1, frozenset()), half)
    before = [_half(bars.get(bar, frozenset()), half) for bar in range(section.start_bar, section.end_bar - 1)]
    usual = max((dice(last, hits) for hits in before if hits), default=0.0)
    return usual < 0.95


def _half(hits: Hits, half: float) -> Hits:
    return frozenset(hit for hit in hits if hit[0] >= half - 1e-6)


def arrivals(view: SongView) -> float | None:
    """Rule 20: share of changes of section into drums that are marked by a kick and a cymbal on the first beat.

    Hand drums have neither.
    """
    if view.kit is None or view.kit.family != "drums":
        return None
    bars = bar_hits(view, view.kit)
    marked = [
        {key for place, key in bars.get(after.start_bar, frozenset()) if place == 0}
        for _, after in _boundaries(view, bars)
    ]
    good = [bool(keys & set(KICKS)) and bool(keys & set(CYMBALS)) for keys in marked]
    return sum(good) / len(good) if len(good) >= 2 else None


def _boundaries(view: SongView, bars: dict[int, Hits]) -> Iterator[tuple[Section, Section]]:
    """Neighbouring sections that both have a drum groove."""
    for section, after in zip(view.sections, view.sections[1:], strict=False):
        played = [
            sum(len(bars.get(bar, ())) >= _GROOVE for bar in range(one.start_bar, one.end_bar))
            for one in (section, after)
        ]
        if min(played) >= 1 and played[0] * 2 >= section.bars:
            yield section, after


def swing(view: SongView) -> float | None:
    """Rule 21: long to short ratio of swung eighths or sixteenths, whichever swings more; 1 is straight."""
    if view.pulse != 1.0:
        return None
    starts = np.concatenate([line.start for line in view.lines]) if view.lines else np.zeros(0)
    late = np.concatenate([line.late for line in view.lines]) if view.lines else np.zeros(0)
    ratios = [_ratio(starts, late, unit, view.quarter * 1000.0) for unit in (0.5, 0.25)]
    known = [ratio for ratio in ratios if ratio is not None]
    return max(known, key=lambda ratio: abs(np.log(ratio))) if known else None


def _ratio(starts: Floats, late: Floats, unit: float, quarter_ms: float) -> float | None:
    """Return the ratio of pairs of `unit` notes: written straight and nudged, or written as triplets."""
    inside = starts % (2 * unit)
    on = np.abs(inside) < 1e-6
    off = np.abs(inside - unit) < 1e-6
    triplet = np.abs(inside - unit * 4 / 3) < 1e-6
    if on.sum() < _SWING_HITS or max(off.sum(), triplet.sum()) < _SWING_HITS:
        return None
    written = unit * quarter_ms if off.sum() >= triplet.sum() else unit * 4 / 3 * quarter_ms
    second = off if off.sum() >= triplet.sum() else triplet
    first = written + float(late[second].mean() - late[on].mean())
    return first / max(2 * unit * quarter_ms - first, 1e-3)


def drift(view: SongView) -> float | None:
    """Rule 24: largest departure of the tempo from its start before the last section, as a share."""
    start = float(view.composition.tempo.bpm)
    end = view.span(view.sections[-1])[0] if view.sections else 0.0
    return max(
        abs(float(bpm) / start - 1.0) for at, bpm in view.composition.tempo.changes if float(at) < end or at == 0
    )
