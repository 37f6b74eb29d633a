"""Sweeps: the filter that opens through a build-up and lets go at the drop.

A low-pass opens from the plan's `sweep_hz` by octaves to the top, and in the last third a high-pass takes the ground
away up to `thin_hz`; at the drop both are gone. Where they stand is worked out from the sections alone. Both filters
are state-variable filters in the trapezoidal form, which stay quiet while their corner moves (Zavalishin 2012, "The Art
of VA Filter Design", chapter 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from text2song.audio.instrument import SAMPLE_RATE, Stereo
from text2song.audio.jit import kernel
from text2song.audio.mix.automation import STEP, Curve
from text2song.domain.composition import SectionKind, UnifiedComposition

#: What arrives, what leads there, and how many bars of a section that is no build-up do.
_ARRIVALS = frozenset({SectionKind.CHORUS, SectionKind.DROP})
_LEADING = frozenset({SectionKind.BUILD, SectionKind.PRECHORUS, SectionKind.BREAKDOWN})
_MOST_BARS = 4
#: A corner that is heard as none, either way.
_OPEN_HZ, _NONE_HZ = 18_000.0, 20.0
#: How far into a sweep the high-pass begins to rise, 0..1, and the resonance of both.
_THIN_FROM, _Q = 2 / 3, 0.9
#: Seconds in which a filter comes in, and in which it lets go at the drop.
_IN_SECONDS, _OUT_SECONDS = 0.25, 0.04


@dataclass(frozen=True, slots=True)
class Sweep:
    """The sweeps of one song: curves of `STEP` frames a point over its whole length."""

    #: int64 (sweeps, 2): first frame of each sweep, and the one after its last.
    spans: NDArray[np.int64]
    #: tan(πf/rate) of the corners.
    low: Curve
    high: Curve
    #: 0 the sound as it is … 1 the filtered one.
    wet: Curve


def sweep_of(composition: UnifiedComposition, frames: int) -> Sweep | None:
    """Return the sweeps of a song of `frames` frames; None where the plan has none or nothing builds up."""
    plan = composition.mix
    spans = [] if plan.sweep_hz <= 0 else [(a, b) for a, b in _spans(composition) if b - a > 4 * STEP and b <= frames]
    if not spans:
        return None
    points = np.arange(frames // STEP + 2) * STEP
    low, high = np.full(points.size, _OPEN_HZ), np.full(points.size, _NONE_HZ)
    wet = np.zeros(points.size)
    for start, end in spans:
        inside = (points >= start) & (points < end)
        way = (points[inside] - start) / (end - start)
        low[inside] = plan.sweep_hz * (_OPEN_HZ / plan.sweep_hz) ** way
        rise = np.clip((way - _THIN_FROM) / (1 - _THIN_FROM), 0.0, 1.0)
        high[inside] = _NONE_HZ * (max(plan.thin_hz, _NONE_HZ) / _NONE_HZ) ** rise
        entering = (points[inside] - start) / (_IN_SECONDS * SAMPLE_RATE)
        leaving = (end - points[inside]) / (_OUT_SECONDS * SAMPLE_RATE)
        share = np.clip(np.minimum(entering, leaving), 0.0, 1.0)
        wet[inside] = (1 - np.cos(np.pi * share)) / 2
    return Sweep(np.asarray(spans, np.int64), _corner(low), _corner(high), wet.astype(np.float32))


def sweep_stem(stem: Stereo, sweep: Sweep, *, opens: bool, thins: bool) -> None:
    """Filter a stem, float32 (frames, 2), in place: `opens` through the low-pass, `thins` through the high-pass."""
    for first, end in sweep.spans:
        # A high-pass that starts empty lets through what comes first, so it may begin where it is first heard.
        start = first if opens else first + int((end - first) * _THIN_FROM) // STEP * STEP
        _filter(stem[: min(end, stem.shape[0])], start, (sweep.low, sweep.high, sweep.wet), opens, thins)


def _spans(composition: UnifiedComposition) -> Iterator[tuple[int, int]]:
    """Yield the first and last frame of every stretch that leads into an arrival."""
    bar = composition.time_signature.bar
    for section, after in pairwise(composition.sections):
        if after.kind not in _ARRIVALS or section.kind not in _LEADING:
            continue
        bars = section.bars if section.kind is SectionKind.BUILD else min(section.bars, _MOST_BARS)
        edges = (composition.section_start(after) - bars * bar, composition.section_start(after))
        # Edges lie on points of the curves, where the sound is dry, so that what lies outside is untouched.
        start, end = (round(composition.tempo.seconds(edge) * SAMPLE_RATE / STEP) * STEP for edge in edges)
        yield start, end


def _corner(hertz: NDArray[np.float64]) -> Curve:
    return np.tan(np.pi * np.minimum(hertz, 0.45 * SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)


@kernel
def _filter(stem: Stereo, first: int, curves: tuple[Curve, Curve, Curve], opens: bool, thins: bool) -> None:
    low, high, wet = curves
    state = np.zeros((2, 2, 2))
    damping = 1.0 / _Q
    for frame in range(first, stem.shape[0]):
        point, rest = frame // STEP, (frame % STEP) / STEP
        share = wet[point] + rest * (wet[point + 1] - wet[point])
        for channel in range(2):
            dry = np.float64(stem[frame, channel])
            value = dry
            for which in range(2):
                if (which == 0 and not opens) or (which == 1 and not thins):
                    continue
                curve = low if which == 0 else high
                g = curve[point] + rest * (curve[point + 1] - curve[point])
                one, two = state[which, channel, 0], state[which, channel, 1]
                band = (g * (value - two) + one) / (1.0 + g * (g + damping))
                lowpassed = two + g * band
                state[which, channel, 0] = 2.0 * band - one
                state[which, channel, 1] = 2.0 * lowpassed - two
                value = lowpassed if which == 0 else value - damping * band - lowpassed
            stem[frame, channel] = dry + share * (value - dry)
