"""Metre, genre and mood: what was asked, and the figures of the song in which each would be heard."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Role
from text2song.evaluation.finding import Finding
from text2song.evaluation.rules.songview import SongView

#: Bars of the metres that songs are heard in, in eighths.
_BARS = (4, 5, 6, 7, 8, 9, 10, 12)
#: How much weaker than the clearest period the asked bar may recur.
_METRE_FLOOR = 0.6
#: How much a note of each role says of the bar: basses and drums carry it.
_SAYS = MappingProxyType({Role.BASS: 2.0, Role.DRUMS: 2.0})


def metre_finding(composition: UnifiedComposition) -> Finding:
    """Hold the asked metre against the period at which the accents of the written notes recur."""
    asked = composition.context.time_signature
    found = bar_strengths(composition)
    bar = round(float(asked.bar) * 2)
    measured: dict[str, Any] = {"written": composition.time_signature.counted}
    reason = ""
    if composition.time_signature != asked:
        reason = f"the metre is {composition.time_signature.counted}, asked was {asked.counted}"
    elif found and bar in found:
        best = max(found, key=lambda length: (found[length], -length))
        measured |= {"strongest_eighths": best, "asked_strength": round(found[bar], 3)}
        if found[bar] < _METRE_FLOOR * found[best] and bar % best and best % bar:
            reason = f"the accents recur every {best} eighths, not in {asked.name}"
    return Finding("time_signature", asked.name, measured, reason)


def bar_strengths(composition: UnifiedComposition) -> dict[int, float]:
    """Return the autocorrelation of the accents at each length of bar in eighths; empty where there is too little."""
    eighths = int(composition.length * 2)
    if eighths < 48:
        return {}
    accents = _accents(composition, eighths)
    accents -= accents.mean()
    power = float((accents**2).mean())
    if power <= 0:
        return {}
    return {lag: float((accents[:-lag] * accents[lag:]).mean()) / power for lag in _BARS}


def _accents(composition: UnifiedComposition, eighths: int) -> NDArray[np.float64]:
    accents = np.zeros(eighths)
    view = SongView(composition)
    for line in view.lines:
        at = line.start * 2
        on = np.abs(at - np.rint(at)) < 1e-6
        places = np.rint(at[on]).astype(int)
        inside = places < eighths
        weight = _SAYS.get(line.role, 1.0)
        np.add.at(accents, places[inside], weight * line.velocity[on][inside] / 100.0)
    return accents


def genres_finding(composition: UnifiedComposition) -> Finding:
    """Report the blend: each genre's share as understood, and the styles that were played."""
    asked = {genre.name: round(genre.weight, 4) for genre in composition.context.genres}
    shares: dict[str, float] = {}
    for genre in composition.context.genres:
        shares[genre.style] = round(shares.get(genre.style, 0.0) + genre.weight, 4)
    measured = {"styles": shares, "versions": list(composition.provenance.styles)}
    return Finding("genres", asked, measured)


def mood_finding(composition: UnifiedComposition, *, mode: str, bpm: float, brightness_hz: float) -> Finding:
    """Report the mood asked for beside what carries it: mode, tempo, density, register, articulation, brightness."""
    context = composition.context
    view = SongView(composition)
    notes = sum(line.start.size for line in view.lines)
    measured = {
        "mode": mode,
        "bpm": round(bpm, 2),
        "notes_per_second": round(notes / max(composition.seconds, 1e-6), 3),
        "tune_pitch": round(float(np.mean([tone.pitch for tone in view.tune])), 2) if view.tune else None,
        "articulation": _articulation(view),
        "brightness_hz": round(brightness_hz, 1),
        "velocity": round(_velocity(view), 1),
    }
    asked = {"moods": list(context.moods), "valence": round(context.valence, 3), "arousal": round(context.arousal, 3)}
    return Finding("mood", asked, measured)


def _articulation(view: SongView) -> float | None:
    """Return the mean share of the time to the next note that the tune sounds: 1 is legato, rests left out."""
    held = [
        min(1.0, tone.length / (after.start - tone.start))
        for tone, after in pairwise(view.tune)
        if 0 < after.start - tone.start <= 2.0
    ]
    return round(float(np.mean(held)), 3) if held else None


def _velocity(view: SongView) -> float:
    velocities = [line.velocity for line in view.lines]
    return float(np.concatenate(velocities).mean()) if velocities else 0.0
