"""The pitch of a singer: notes joined by portamento and overshoot, delayed vibrato and slow drift.

Source: Saitou, Goto, Unoki & Akagi 2007, "Speech-to-singing synthesis", WASPAA: four fluctuations of sung F0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from text2song.audio.jit import kernel

#: Natural frequency (rad/s) and damping of the transition between notes; a little under-damped overshoots.
_OMEGA, _DAMPING = 62.0, 0.82
_VIBRATO_HZ, _VIBRATO_CENTS = 5.5, 38.0
_VIBRATO_DELAY, _VIBRATO_FADE = 0.28, 0.3
_DRIFT_CENTS = 4.0


@dataclass(frozen=True, slots=True)
class SungPitch:
    """One pitch held for a time: seconds from the start of the phrase, MIDI pitch."""

    start: float
    end: float
    pitch: int


def f0_contour(pitches: Sequence[SungPitch], frames: int, period: float) -> NDArray[np.float64]:
    """Return F0 in Hz for `frames` frames every `period` seconds; notes are held until the next begins."""
    times = np.arange(frames, dtype=np.float64) * period
    starts = np.array([pitch.start for pitch in pitches])
    # A singer leaves the old note a little early, so that the new one is reached on the beat.
    index = np.clip(np.searchsorted(starts - 0.035, times, side="right") - 1, 0, len(pitches) - 1)
    target = np.array([float(pitch.pitch) for pitch in pitches])[index]
    smooth = np.asarray(_follow(target, period, _OMEGA, _DAMPING))
    return np.asarray(440.0 * 2.0 ** ((smooth + _vibrato(pitches, times) / 100.0 - 69.0) / 12.0))


def _vibrato(pitches: Sequence[SungPitch], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cents added to the notes: vibrato on those long enough to carry it, slow drift on all."""
    cents = _DRIFT_CENTS * np.sin(2 * np.pi * 0.37 * times) * np.cos(2 * np.pi * 0.23 * times)
    for pitch in pitches:
        length = pitch.end - pitch.start
        if length < 0.45:
            continue
        since = times - pitch.start - _VIBRATO_DELAY
        depth = np.clip(since / _VIBRATO_FADE, 0.0, 1.0) * (times < pitch.end)
        cents += _VIBRATO_CENTS * depth * np.sin(2 * np.pi * _VIBRATO_HZ * since)
    return np.asarray(cents)


@kernel
def _follow(target: NDArray[np.float64], period: float, omega: float, damping: float) -> NDArray[np.float64]:
    """Second-order system driven by `target`, integrated semi-implicitly in ten steps a frame."""
    out = np.empty_like(target)
    position = target[0]
    speed = 0.0
    step = period / 10.0
    for index in range(target.size):
        for _ in range(10):
            speed += step * (omega * omega * (target[index] - position) - 2.0 * damping * omega * speed)
            position += step * speed
        out[index] = position
    return out
