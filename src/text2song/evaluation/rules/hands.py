"""Rules 22 and 23: what tells hands from a machine, in time and in force."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.domain.score import Role
from text2song.evaluation.rules.rhythm import KICKS
from text2song.evaluation.rules.songview import GRID, Floats, SongView

_ENOUGH = 32
#: Residuals smaller than this have no clock to follow, milliseconds.
_STILL = 0.8


def spread(view: SongView) -> float | None:
    """Rule 22: standard deviation in milliseconds of drum hits about their own mean place (swing and lag apart)."""
    late = _residuals(view)
    return float(late.std()) if late is not None else None


def memory(view: SongView) -> float | None:
    """Rule 22: how much the lateness of one eighth tells of the next (lag-one autocorrelation of the kit)."""
    late = _residuals(view)
    if late is None or view.kit is None or late.std() < _STILL:
        return None
    eighths = np.floor(view.kit.start * 2 + 1e-6).astype(int)
    sums = np.bincount(eighths, weights=late)
    counts = np.bincount(eighths)
    filled = np.flatnonzero(counts)
    means = sums[filled] / counts[filled]
    neighbours = np.flatnonzero(np.diff(filled) == 1)
    if neighbours.size < _ENOUGH:
        return None
    return float(np.corrcoef(means[neighbours], means[neighbours + 1])[0, 1])


def lock(view: SongView) -> float | None:
    """Rule 22: mean milliseconds between bass and kick where both are written at the same place."""
    if view.kit is None:
        return None
    kicks = {round(start * GRID): late for start, late, pitch in _rows(view) if pitch in KICKS}
    apart = [
        abs(late - kicks[round(start * GRID)])
        for line in view.of_role(Role.BASS)
        for start, late in zip(line.start.tolist(), line.late.tolist(), strict=True)
        if round(start * GRID) in kicks
    ]
    return float(np.mean(apart)) if len(apart) >= 8 else None


def _rows(view: SongView) -> list[tuple[float, float, int]]:
    kit = view.kit
    return [] if kit is None else list(zip(kit.start.tolist(), kit.late.tolist(), kit.pitch.tolist(), strict=True))


def _residuals(view: SongView) -> Floats | None:
    """Lateness of each hit of the kit less the mean of its key at its place in the beat."""
    kit = view.kit
    if kit is None or kit.start.size < _ENOUGH:
        return None
    places = np.rint(kit.start % view.pulse * GRID).astype(np.int64)
    return kit.late - _group_means(kit.late, places * 128 + kit.pitch)


def _group_means(values: Floats, groups: NDArray[np.int64]) -> Floats:
    _, inverse = np.unique(groups, return_inverse=True)
    sums = np.bincount(inverse, weights=values)
    means = sums / np.bincount(inverse)
    return np.asarray(means[inverse])


def levels(view: SongView) -> float | None:
    """Rule 23: distinct velocities in the part of the kit."""
    kit = view.kit
    return float(np.unique(kit.velocity).size) if kit is not None and kit.start.size >= 2 * _ENOUGH else None


def copies(view: SongView) -> float | None:
    """Rule 23: share of bars of drums that are struck exactly as the bar before, force for force."""
    kit = view.kit
    if kit is None or kit.start.size < _ENOUGH:
        return None
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for start, pitch, velocity in zip(kit.start.tolist(), kit.pitch.tolist(), kit.velocity.tolist(), strict=True):
        bar = int(start / view.bar + 1e-9)
        bars.setdefault(bar, []).append((round((start - bar * view.bar) * GRID), pitch, velocity))
    pairs = [(hits, bars.get(bar + 1)) for bar, hits in bars.items() if len(hits) >= 4 and bar + 1 in bars]
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else None


def cycle(view: SongView) -> float | None:
    """Rule 23: correlation of the kit's force with itself one bar later (or two, where the groove is that long).

    Over the sixteenths that are struck in both bars.
    """
    kit = view.kit
    if kit is None or kit.start.size < _ENOUGH:
        return None
    size = round(view.bar * 4)
    force = np.zeros((view.composition.bars + 1) * size)
    steps = np.minimum(np.rint(kit.start * 4).astype(int), force.size - 1)
    np.maximum.at(force, steps, kit.velocity.astype(float))
    known = [value for lag in (1, 2) if (value := _returning(view, force, size, lag)) is not None]
    return max(known, default=None)


def _returning(view: SongView, force: Floats, size: int, lag: int) -> float | None:
    here, there = [], []
    for section in view.sections:
        for bar in range(section.start_bar, section.end_bar - lag):
            one, other = force[bar * size : (bar + 1) * size], force[(bar + lag) * size : (bar + lag + 1) * size]
            both = (one > 0) & (other > 0)
            here.append(one[both])
            there.append(other[both])
    left, right = np.concatenate([*here, np.zeros(0)]), np.concatenate([*there, np.zeros(0)])
    if left.size < _ENOUGH:
        return None
    return float(np.corrcoef(left, right)[0, 1]) if left.std() and right.std() else None
