"""Every rule asked of one song: what was measured, what may be, and one number to choose candidates by."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from text2song.domain.composition import UnifiedComposition
from text2song.evaluation.rules import arrangement, form, hands, harmony, lyrics, melody, rhythm
from text2song.evaluation.rules.bands import bands_for
from text2song.evaluation.rules.songview import SongView

Figure = Callable[[SongView], float | None]

#: What each figure of `bands.toml` is measured by.
FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        f"{module.__name__.rpartition('.')[2]}.{figure.__name__}": figure
        for module, figures in (
            (form, (form.length, form.answers, form.hypermetre, form.returns, form.contrast, form.height)),
            (form, (form.peak_place, form.peak_count)),
            (melody, (melody.rhythm_repeats, melody.interval_repeats, melody.strong_chord_tones)),
            (melody, (melody.weak_chord_tones, melody.resolutions, melody.steps, melody.scalar, melody.leaps)),
            (melody, (melody.recoveries, melody.arches, melody.compass, melody.breath, melody.hook, melody.title)),
            (lyrics, (lyrics.stress, lyrics.melismas, lyrics.matching, lyrics.rate, lyrics.unstretched)),
            (harmony, (harmony.diatonic, harmony.pace, harmony.cadences, harmony.close, harmony.chorus_starts)),
            (harmony, (harmony.movement, harmony.held, harmony.parallels, harmony.bass_roots, harmony.approaches)),
            (rhythm, (rhythm.groove, rhythm.fills, rhythm.arrivals, rhythm.swing, rhythm.drift)),
            (hands, (hands.spread, hands.memory, hands.lock, hands.levels, hands.copies, hands.cycle)),
            (arrangement, (arrangement.energy, arrangement.goal, arrangement.sameness, arrangement.low_harmony)),
            (arrangement, (arrangement.masking, arrangement.overlap, arrangement.dropouts)),
        )
        for figure in figures
    }
)
#: Beginnings of the figures that a sketch shows (form, chords, tune and words), and those that need no feel.
SKETCHED = ("form.", "melody.", "lyrics.", "arrangement.overlap", "harmony.diatonic", "harmony.pace", "harmony.c")
WRITTEN = (
    "form.",
    "melody.",
    "lyrics.",
    "arrangement.",
    "harmony.",
    "rhythm.groove",
    "rhythm.fills",
    "rhythm.arrivals",
)
#: The share of the score that taste decides among songs without a fault.
_TASTE = 0.25


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of one song against its band."""

    figure: str
    rule: int
    #: None where the song has nothing to measure: no drums, no voice, too few notes.
    value: float | None
    low: float
    high: float
    #: Whether the rule holds for this song: there is something to measure, and its genre is no exception.
    applicable: bool
    #: True as well where the rule does not apply.
    inside: bool
    #: 0 inside … 1 wholly wrong.
    miss: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All figures of one song."""

    figures: tuple[Finding, ...]

    @property
    def inside(self) -> bool:
        """Whether every figure that applies lies in its band."""
        return all(finding.inside for finding in self.figures)

    @property
    def missed(self) -> tuple[Finding, ...]:
        """The figures outside their bands."""
        return tuple(finding for finding in self.figures if not finding.inside)

    def figure(self, name: str) -> Finding:
        """Return one figure; raises KeyError."""
        for finding in self.figures:
            if finding.figure == name:
                return finding
        raise KeyError(name)


def measure(composition: UnifiedComposition, figures: tuple[str, ...] = ("",)) -> Findings:
    """Return the figures of the rules 1–29 of a composition, in the order of `bands.toml`.

    `figures` are beginnings of the names of those to measure: for a song that is not yet whole.
    """
    view = SongView(composition)
    bands = bands_for(composition.context)
    found = []
    for name, band in bands.items():
        if not name.startswith(figures):
            continue
        value = FIGURES[name](view) if band.applies else None
        known = value is not None and math.isfinite(value)
        inside = not known or band.holds(value or 0.0)
        miss = 0.0 if inside else band.miss(value or 0.0)
        shown = round(value, 4) if value is not None and known else None
        found.append(Finding(name, band.rule, shown, band.low, band.high, known, inside, miss))
    return Findings(tuple(found))


def summary(findings: Findings) -> dict[str, Any]:
    """Return findings as the `rules` of a report: the score, what is missed with its band, and every figure."""
    return {
        "score": round(rated(findings), 4),
        "inside": findings.inside,
        "missed": [
            {
                "figure": one.figure,
                "rule": one.rule,
                "value": one.value,
                "low": one.low if math.isfinite(one.low) else None,
                "high": one.high if math.isfinite(one.high) else None,
            }
            for one in findings.missed
        ],
        "figures": {one.figure: one.value for one in findings.figures if one.applicable},
    }


def score(composition: UnifiedComposition) -> float:
    """Return how well a composition keeps the rules, 0..1, the better the higher."""
    return rated(measure(composition))


def rated(findings: Findings) -> float:
    """Return the score of findings: each miss costs by how far it is, and taste tells songs without a miss apart."""
    # A fault costs even where it is small: being inside everywhere is worth more than any taste.
    cost = sum(0.3 + 0.7 * finding.miss for finding in findings.figures if not finding.inside)
    return (1.0 - _TASTE) * math.exp(-0.5 * cost) + _TASTE * taste(findings)


def taste(findings: Findings) -> float:
    """Return 0..1: how much hook, arch, recurrence and arrival there is, where more is better up to a point."""
    values = {finding.figure: finding.value for finding in findings.figures if finding.applicable}
    liked = []
    for name, least, most in _LIKED:
        value = values.get(name)
        if value is not None:
            liked.append(min(max((value - least) / (most - least), 0.0), 1.0))
    return sum(liked) / len(liked) if liked else 0.5


#: Figures of which more pleases, from the value that is no pleasure to the one beyond which nothing is gained.
_LIKED = (
    ("melody.hook", 4.0, 16.0),
    ("melody.arches", 0.5, 0.9),
    ("melody.interval_repeats", 0.25, 0.6),
    ("melody.strong_chord_tones", 0.7, 0.95),
    ("form.contrast", 0.6, 0.1),
    ("form.peak_place", 0.5, 0.9),
    ("harmony.held", 0.5, 0.95),
    ("arrangement.energy", 0.6, 0.95),
    ("arrangement.dropouts", 0.0, 2.0),
    ("lyrics.stress", 0.8, 1.0),
)
