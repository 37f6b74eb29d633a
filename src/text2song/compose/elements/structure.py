"""The structure: which sections, how long, how strong; everything later is written into them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.form import PEAKS, Limits, Slot, fit, fit_asked, read_form, whole_bars
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.style import Style
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.errors import InvalidError
from text2song.domain.score import TempoMap

#: Usual lengths in bars of the sections a person may ask for.
_NATURAL = MappingProxyType({"intro": 4, "outro": 4, "prechorus": 4, "build": 4, "interlude": 4})
_DEFAULT_FORM = "intro:4 verse:8 chorus:8 verse:8 chorus:8 outro:4"
#: The longest outro in bars, the length from which a style may have a longer one, and the length up to which none
#: may be longer than the last goal.
_OUTRO, _LONG_SONG_SECONDS, _SHORT_SONG_SECONDS = 8, 150.0, 100.0
#: How much each return of a kind grows, and how far excitement moves the whole curve.
_GROWTH = 0.04
_AROUSAL = 0.1


class StructureTooLongError(InvalidError):
    """More sections were asked for than the song has bars."""

    slug = "structure-too-long"


class StructureElement:
    """Fills `sections`, `tempo` and `time_signature` from the style's forms or the sections asked for."""

    name = "structure"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its sections; raises `StructureTooLongError`."""
        context = composition.context
        bars = whole_bars(context.duration_seconds, context.bpm, context.time_signature.bar)
        slots = _asked_slots(context, bars) if context.structure else _style_slots(context, style, decisions, bars)
        energies = _asked_energies(context, slots) if context.energy else _style_energies(context, style, slots)
        return replace(
            composition,
            sections=_sections(slots, energies),
            tempo=TempoMap.constant(context.bpm),
            time_signature=context.time_signature,
        )


def _asked_slots(context: CompositionContext, bars: int) -> tuple[Slot, ...]:
    kinds = [SectionKind(kind) for kind in context.structure]
    if len(kinds) > bars:
        message = (
            f"{len(kinds)} sections need at least {len(kinds)} bars, "
            f"but {context.duration_seconds:g} seconds at this tempo hold {bars}"
        )
        raise StructureTooLongError(message, field="structure")
    return fit_asked(kinds, _NATURAL, bars)


def _style_slots(context: CompositionContext, style: Style, decisions: Decisions, bars: int) -> tuple[Slot, ...]:
    table = style.table("form")
    pool = read_pool(table, "forms") or Pool((_DEFAULT_FORM,), (1.0,))
    lengths = [sum(slot.bars for slot in read_form(form)) for form in pool.options]
    # A form made for this length needs the least cutting.
    weights = [
        weight / (1 + abs(math.log2(length / bars))) for weight, length in zip(pool.weights, lengths, strict=True)
    ]
    form = decisions.decide("structure/form", pool.options, weights)
    return fit(read_form(form), bars, table.get("keep", {}), _limits(table, context.duration_seconds, bars))


def _limits(table: Mapping[str, Any], seconds: float, bars: int) -> Limits:
    """Return how long the frame of a song may be: a sixth of it to begin with, and room to mix out of a long one."""
    return Limits(
        intro=max(4, bars // 24 * 4),
        outro=int(table.get("outro", _OUTRO)) if seconds >= _LONG_SONG_SECONDS else _OUTRO,
        brief=seconds < _SHORT_SONG_SECONDS,
        strains=table.get("strains", {}),
    )


def _style_energies(context: CompositionContext, style: Style, slots: Sequence[Slot]) -> list[float]:
    curve = style.table("form").get("energy", {})
    seen: Counter[SectionKind] = Counter()
    energies: list[float] = []
    for slot in slots:
        quiet = slot.kind in {SectionKind.INTRO, SectionKind.OUTRO}
        growth = 0.0 if quiet else _GROWTH * seen[slot.kind]
        seen[slot.kind] += 1
        energies.append(_clamped(curve.get(slot.kind, 0.5) + growth + _AROUSAL * context.arousal, 0.05, 0.95))
    peak = _peak_place(slots)
    energies[peak] = min(1.0, max(energies) + 0.05)
    return [round(energy, 4) for energy in energies]


def _peak_place(slots: Sequence[Slot]) -> int:
    """Return the last chorus or drop, or without one the last section that is no ending."""
    goals = [place for place, slot in enumerate(slots) if slot.kind in PEAKS]
    bodies = [place for place, slot in enumerate(slots) if slot.kind not in {SectionKind.INTRO, SectionKind.OUTRO}]
    return (goals or bodies or [0])[-1]


def _asked_energies(context: CompositionContext, slots: Sequence[Slot]) -> list[float]:
    """Return the mean of the asked curve, straight between its points, over each section's bars."""
    total = sum(slot.bars for slot in slots)
    energies: list[float] = []
    start = 0
    for slot in slots:
        points = [_curve(context.energy, (start + bar + 0.5) / total) for bar in range(slot.bars)]
        energies.append(round(sum(points) / len(points), 4))
        start += slot.bars
    return energies


def _curve(points: Sequence[float], position: float) -> float:
    place = position * (len(points) - 1)
    left = min(int(place), len(points) - 2) if len(points) > 1 else 0
    right = min(left + 1, len(points) - 1)
    return points[left] + (points[right] - points[left]) * (place - left)


def _sections(slots: Sequence[Slot], energies: Sequence[float]) -> tuple[Section, ...]:
    seen: Counter[SectionKind] = Counter()
    sections: list[Section] = []
    start = 0
    for slot, energy in zip(slots, energies, strict=True):
        seen[slot.kind] += 1
        sections.append(Section(f"{slot.kind.value}.{seen[slot.kind]}", slot.kind, start, slot.bars, energy))
        start += slot.bars
    return tuple(sections)


def _clamped(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
