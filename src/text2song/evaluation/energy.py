"""Energy: the loudness of each section against its target, by rank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.loudness import integrated_lufs


def section_loudness(composition: UnifiedComposition, mix: NDArray[np.float32], sample_rate: int) -> list[float]:
    """Return the integrated loudness (LUFS) of each section of the unmastered `mix` (frames, 2)."""
    found = []
    for section in composition.sections:
        bar = composition.time_signature.bar
        first = int(composition.tempo.seconds(section.start_bar * bar) * sample_rate)
        last = int(composition.tempo.seconds(section.end_bar * bar) * sample_rate)
        found.append(integrated_lufs(mix[first:last], sample_rate))
    return found


def spearman(targets: Sequence[float], measured: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation, or None when either side is constant or shorter than three."""
    if len(targets) < 3 or len(set(targets)) == 1 or len(set(measured)) == 1:
        return None
    return float(stats.spearmanr(np.asarray(targets), np.asarray(measured)).statistic)
