"""Energy: the loudness of a song's sections and of windows of a few seconds against their targets, by rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.loudness import gated_lufs

#: Seconds of the chunks that loudness is measured in.
_CHUNK_SECONDS = 0.1
#: Windows are the fewest whole bars, two at least (bars take turns), that last so many seconds.
_WINDOW_SECONDS, _WINDOW_BARS = 4.0, 2
#: Targets that all lie within this ask for nothing: no order of loudness follows or misses them.
_NOTHING = 0.05
#: Targets are told apart by two digits; stretches of one target that are no further than this from their mean loudness
#: count as equally loud, LU.
_TIE_LU = 0.5


@dataclass(frozen=True, slots=True)
class Following:
    """How well loudness ranks with the energy; None where there is nothing to rank."""

    by_section: float | None
    by_window: float | None

    @property
    def least(self) -> float | None:
        """The lower of what there is."""
        return min((each for each in (self.by_section, self.by_window) if each is not None), default=None)


def following(composition: UnifiedComposition, powers: NDArray[np.float64]) -> Following:
    """Return how the loudness of a finished song follows its energy.

    `powers` are K-weighted powers of chunks of 100 ms (`loudness.chunk_powers`). A song whose bars have no energy is
    judged by its sections alone, one of fewer than three sections by its windows alone.
    """
    sections = [section.energy for section in composition.sections]
    by_section = _followed(sections, section_loudness(composition, powers))
    if len(composition.energy) != composition.bars:
        return Following(by_section, None)
    edges = _windows(composition)
    windows = [float(np.mean(composition.energy[first:last])) for first, last in pairwise(edges)]
    return Following(by_section, _followed(windows, _loudness(composition, powers, edges)))


def section_loudness(composition: UnifiedComposition, powers: NDArray[np.float64]) -> list[float]:
    """Return the integrated loudness (LUFS) of each section, from powers of chunks of 100 ms."""
    edges = [section.start_bar for section in composition.sections] + [composition.bars]
    return _loudness(composition, powers, edges)


def spearman(targets: Sequence[float], measured: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation, or None when either side is constant or shorter than three."""
    if len(targets) < 3 or len(set(targets)) == 1 or len(set(measured)) == 1:
        return None
    return float(stats.spearmanr(np.asarray(targets), np.asarray(measured)).statistic)


def _followed(targets: Sequence[float], loudness: Sequence[float]) -> float | None:
    if len(targets) < 3 or max(targets) - min(targets) < _NOTHING:
        return None
    rounded = [round(target, 2) for target in targets]
    value = spearman(rounded, _tied(rounded, loudness))
    # A loudness that never moves has no ranks, and follows nothing.
    return 0.0 if value is None else round(value, 3)


def _tied(targets: Sequence[float], loudness: Sequence[float]) -> list[float]:
    """Return the loudness, stretches of one target made equal where they hardly differ: chance ranks those."""
    groups: defaultdict[float, list[float]] = defaultdict(list)
    for target, value in zip(targets, loudness, strict=True):
        groups[target].append(value)
    means = [float(np.mean(groups[target])) for target in targets]
    return [mean if abs(value - mean) < _TIE_LU else value for value, mean in zip(loudness, means, strict=True)]


def _windows(composition: UnifiedComposition) -> list[int]:
    """Return the bars at which windows begin, and the end; what is left over belongs to the last."""
    bar = float(composition.seconds) / max(1, composition.bars)
    size = max(_WINDOW_BARS, -int(-_WINDOW_SECONDS // bar)) if bar > 0 else _WINDOW_BARS
    starts = list(range(0, composition.bars, size))
    if len(starts) > 1 and composition.bars - starts[-1] < size:
        starts.pop()
    return [*starts, composition.bars]


def _loudness(composition: UnifiedComposition, powers: NDArray[np.float64], bars: Sequence[int]) -> list[float]:
    bar = composition.time_signature.bar
    at = [int(composition.tempo.seconds(number * bar) / _CHUNK_SECONDS) for number in bars]
    # A stretch shorter than a chunk, or after the end, has at least the chunk it begins in.
    starts = [min(first, max(0, powers.size - 1)) for first in at]
    return [gated_lufs(powers[first : max(first + 1, last)]) for first, last in zip(starts, at[1:], strict=False)]
