"""Side-chain ducking: kicks of the score, or the plan's own trigger, say when, so no stem listens to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.dynamics import turn_down
from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.domain.composition import UnifiedComposition

_FALL_SECONDS = 0.004
_HOLD_SECONDS = 0.03
_RECOVERY_BEATS = 0.7
_RECOVERY_MAX_SECONDS = 0.32
#: Frames that are pulled down at a time.
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Trigger:
    """When ducked stems are pulled down."""

    #: Seconds from the song's start, rising.
    onsets: tuple[float, ...]
    #: How long they take to come back.
    recovery_seconds: float


def trigger_of(composition: UnifiedComposition) -> Trigger | None:
    """Return what pulls ducked stems down; None where nothing does."""
    onsets = _onsets(composition)
    beat = 60.0 / float(composition.tempo.bpm)
    return Trigger(onsets, min(_RECOVERY_MAX_SECONDS, _RECOVERY_BEATS * beat)) if onsets else None


def duck_shape(trigger: Trigger, frames: int) -> NDArray[np.float32]:
    """Return per frame how far ducked stems are down, 0 (not) to 1 (fully): float32 (frames,).

    Each kick pulls down just before its onset, holds while its attack sounds and lets go within a beat.
    """
    dip = _dip(trigger.recovery_seconds)
    shape = np.zeros(frames, np.float32)
    for onset in trigger.onsets:
        start = round((onset - _FALL_SECONDS) * SAMPLE_RATE)
        first, last = max(0, start), min(frames, start + dip.size)
        if first < last:
            part = shape[first:last]
            np.maximum(part, dip[first - start : last - start], out=part)
    return shape


def duck(stem: Stereo, shape: NDArray[np.float32], decibels: float) -> None:
    """Pull a stem down by a shape times so many decibels, in place; a piece stays in the cache meanwhile."""
    factor = np.float32(-decibels * np.log(10) / 20)
    for start in range(0, stem.shape[0], _PIECE):
        turn_down(stem[start : start + _PIECE], np.exp(shape[start : start + _PIECE] * factor))


def _onsets(composition: UnifiedComposition) -> tuple[float, ...]:
    """When the trigger sounds, in seconds: the plan's own, or the kicks of the score."""
    trigger = composition.mix.trigger
    hits = composition.kicks if trigger is None else trigger
    seconds = composition.tempo.seconds
    return tuple(sorted({max(0.0, seconds(start) + late / 1_000_000) for start, late in hits}))


def _dip(recovery_seconds: float) -> NDArray[np.float32]:
    fall = np.linspace(0.0, np.pi, round(_FALL_SECONDS * SAMPLE_RATE), endpoint=False)
    hold = np.ones(round(_HOLD_SECONDS * SAMPLE_RATE))
    back = np.linspace(0.0, np.pi, round(recovery_seconds * SAMPLE_RATE))
    curve = np.concatenate(((1 - np.cos(fall)) / 2, hold, (1 + np.cos(back)) / 2))
    return curve.astype(np.float32)
