"""Side-chain ducking: kicks of the score, or the plan's own trigger, say when, so no stem listens to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE
from text2song.domain.composition import UnifiedComposition

_FALL_SECONDS = 0.004
_HOLD_SECONDS = 0.03
_RECOVERY_BEATS = 0.7
_RECOVERY_MAX_SECONDS = 0.32


def duck_shape(composition: UnifiedComposition, frames: int) -> NDArray[np.float32] | None:
    """Return per frame how far ducked stems are down, 0 (not) to 1 (fully); None where nothing triggers.

    Each kick pulls down just before its onset, holds while its attack sounds and lets go within a beat.
    """
    onsets = _onsets(composition)
    if not onsets:
        return None
    beat = 60.0 / float(composition.tempo.bpm)
    dip = _dip(min(_RECOVERY_MAX_SECONDS, _RECOVERY_BEATS * beat))
    shape = np.zeros(frames, np.float32)
    for onset in onsets:
        start = round((onset - _FALL_SECONDS) * SAMPLE_RATE)
        first, last = max(0, start), min(frames, start + dip.size)
        if first < last:
            part = shape[first:last]
            np.maximum(part, dip[first - start : last - start], out=part)
    return shape


def _onsets(composition: UnifiedComposition) -> list[float]:
    """When the trigger sounds, in seconds: the plan's own, or the kicks of the score."""
    trigger = composition.mix.trigger
    hits = composition.kicks if trigger is None else trigger
    seconds = composition.tempo.seconds
    return sorted({max(0.0, seconds(start) + late / 1_000_000) for start, late in hits})


def _dip(recovery_seconds: float) -> NDArray[np.float32]:
    fall = np.linspace(0.0, np.pi, round(_FALL_SECONDS * SAMPLE_RATE), endpoint=False)
    hold = np.ones(round(_HOLD_SECONDS * SAMPLE_RATE))
    back = np.linspace(0.0, np.pi, round(recovery_seconds * SAMPLE_RATE))
    curve = np.concatenate(((1 - np.cos(fall)) / 2, hold, (1 + np.cos(back)) / 2))
    return curve.astype(np.float32)
