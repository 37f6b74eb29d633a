"""The pitch of a singer: notes joined by portamento, preparation and overshoot, delayed vibrato and slow drift.

Source: Saitou, Goto, Unoki & Akagi 2007, "Speech-to-singing synthesis", WASPAA: four fluctuations of sung F0. Vibrato
rates and extents: Prame 1994, 1997, JASA 96 and 102.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from text2song.audio.jit import kernel

#: A singer leaves the old note a little early, so that the new one is reached on the beat.
_EARLY = 0.035
_SCOOP_SECONDS = 0.09
_FALL_SECONDS = 0.16
#: The way back before a note changes, as a share of the interval, and how long it takes, seconds.
_PREPARATION, _PREPARATION_SECONDS = 0.05, 0.06
_DRIFT_CENTS, _FLUTTER_CENTS = 4.0, 3.0
#: Semitones that speech sinks through a syllable.
_DECLINATION = 2.2


@dataclass(frozen=True, slots=True)
class SungPitch:
    """One pitch held for a time: seconds from the start of the phrase, MIDI pitch."""

    start: float
    end: float
    pitch: int


@dataclass(frozen=True, slots=True)
class PitchStyle:
    """How a voice and a genre move between notes and hold them."""

    vibrato_hz: float = 5.5
    vibrato_cents: float = 32.0
    vibrato_delay: float = 0.28
    vibrato_fade: float = 0.3
    #: The shortest note with vibrato, seconds.
    vibrato_least: float = 0.45
    scoop: float = 0.0
    scoop_share: float = 0.0
    fall: float = 0.0
    #: Natural frequency (rad/s) and damping of the transition; a little under-damped overshoots.
    glide: float = 62.0
    bounce: float = 0.82
    #: 0..1, how much of speech's falling pitch each note has.
    speech: float = 0.0
    cents: float = 0.0


def f0_contour(
    pitches: Sequence[SungPitch], frames: int, period: float, style: PitchStyle | None = None, seed: int = 0
) -> NDArray[np.float64]:
    """Return F0 in Hz for `frames` frames every `period` seconds; notes are held until the next begins.

    `seed` fixes which notes are scooped and how the pitch drifts.
    """
    manner = style or PitchStyle()
    draw = np.random.default_rng(seed)
    times = np.arange(frames, dtype=np.float64) * period
    target = _target(pitches, times, manner, draw)
    smooth = np.asarray(_follow(target, period, manner.glide, manner.bounce))
    cents = _vibrato(pitches, times, manner, draw) + _drift(times, period, draw) + manner.cents
    return np.asarray(440.0 * 2.0 ** ((smooth + cents / 100.0 - 69.0) / 12.0))


def _target(
    pitches: Sequence[SungPitch], times: NDArray[np.float64], style: PitchStyle, draw: np.random.Generator
) -> NDArray[np.float64]:
    """Return the pitch aimed at, in steps: the notes, approached from below here and there, let go at the end."""
    starts = np.array([pitch.start for pitch in pitches])
    index = np.clip(np.searchsorted(starts - _EARLY, times, side="right") - 1, 0, len(pitches) - 1)
    target = np.array([float(pitch.pitch) for pitch in pitches])[index]
    chances = draw.random(len(pitches))
    for number, (pitch, chance) in enumerate(zip(pitches, chances, strict=True)):
        since = times - (pitch.start - _EARLY)
        length = pitch.end - pitch.start
        before = pitches[number - 1] if number else None
        opening = before is None or pitch.start - before.end > 0.1
        if (
            style.scoop
            and length > 0.22
            and (chance < style.scoop_share or (opening and chance < 2 * style.scoop_share))
        ):
            target -= style.scoop * ((since >= -0.2 * opening) & (since < _SCOOP_SECONDS))
        if before is not None and not opening:
            back = (since >= -_PREPARATION_SECONDS) & (since < 0.0)
            target -= _PREPARATION * (pitch.pitch - before.pitch) * back
        if style.speech:
            share = np.clip((times - pitch.start) / max(length, 0.05), 0.0, 1.0)
            target += style.speech * _DECLINATION * (0.35 - share) * ((since >= 0.0) & (times < pitch.end))
    if style.fall:
        last = pitches[-1]
        fall = min(_FALL_SECONDS, 0.3 * (last.end - last.start))
        target -= style.fall * np.clip((times - last.end + fall) / fall, 0.0, 2.0)
    return target


def _vibrato(
    pitches: Sequence[SungPitch], times: NDArray[np.float64], style: PitchStyle, draw: np.random.Generator
) -> NDArray[np.float64]:
    """Return cents: vibrato on the notes long enough to carry it, deeper on longer ones, no two alike."""
    cents = np.zeros(times.size)
    whims = draw.uniform(-1.0, 1.0, (len(pitches), 2))
    for pitch, (rate, depth) in zip(pitches, whims, strict=True):
        length = pitch.end - pitch.start
        if length < style.vibrato_least or style.vibrato_cents <= 0.0:
            continue
        delay = min(style.vibrato_delay, 0.4 * length)
        since = times - pitch.start - delay
        grown = np.clip(since / style.vibrato_fade, 0.0, 1.0) * np.clip((pitch.end - times) / 0.05, 0.0, 1.0)
        extent = style.vibrato_cents * (1.0 + 0.2 * depth) * min(1.0, 0.5 + 0.5 * length)
        # Singers quicken towards the end of a long note.
        hertz = style.vibrato_hz * (1.0 + 0.05 * rate + 0.04 * np.clip(since / length, 0.0, 1.0))
        cents += extent * grown * np.sin(2 * np.pi * hertz * np.maximum(since, 0.0))
    return cents


def _drift(times: NDArray[np.float64], period: float, draw: np.random.Generator) -> NDArray[np.float64]:
    """Return cents: a slow wander and a small quick flutter, as no muscle holds still."""
    phases = draw.uniform(0.0, 2 * np.pi, 3)
    slow = sum(
        np.sin(2 * np.pi * hertz * times + phase) for hertz, phase in zip((0.23, 0.61, 1.3), phases, strict=True)
    )
    quick = gaussian_filter1d(draw.standard_normal(times.size), 0.012 / period, mode="wrap")
    quick /= max(float(np.std(quick)), 1e-9)
    return np.asarray(_DRIFT_CENTS / 2.0 * slow + _FLUTTER_CENTS * quick)


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
