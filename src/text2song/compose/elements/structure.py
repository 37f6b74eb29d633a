"""The structure: which sections, how long, how strong; everything later is written into them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.elements.endings import chosen_ending
from text2song.compose.elements.form import PEAKS, Limits, Slot, fit, fit_asked, read_form, whole_bars
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.pools import Pool, read_pool
from text2song.compose.style import Style
from text2song.compose.words.form import natural_bars, tagged_kinds
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.errors import InvalidError
from text2song.domain.score import TempoMap

#: Usual lengths in bars of the sections a person may ask for.
_NATURAL = MappingProxyType({"intro": 4, "outro": 4, "prechorus": 4, "build": 4, "interlude": 4})
#: A song this many times longer than its words repeats them in the style's form; bars of an intro or outro.
_SPARE, _FRAME_BARS = 1.5, 4
_DEFAULT_FORM = "intro:4 verse:8 chorus:8 verse:8 chorus:8 outro:4"
#: The longest outro in bars, the length from which a style may have a longer one, and the length up to which none
#: may be longer than the last goal.
_OUTRO, _LONG_SONG_SECONDS, _SHORT_SONG_SECONDS = 8, 150.0, 100.0
#: How much each return of a kind grows.
_GROWTH = 0.04
#: By how much energy rises from the first bar to the last of eight.
_SLOPES = MappingProxyType({SectionKind.BUILD: 0.3, SectionKind.PRECHORUS: 0.12, SectionKind.VERSE: 0.04})
#: In so many places per bar the asked curve is read.
_CURVE_PARTS = 8


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
        slots = _asked_slots(context, bars) if context.structure else _worded_slots(context, bars)
        slots = slots or _style_slots(context, style, decisions, bars)
        bars_of = _asked_energies(context, slots) if context.energy else _style_energies(context, style, slots)
        return replace(
            composition,
            sections=_sections(slots, [round(sum(each) / len(each), 4) for each in bars_of]),
            energy=tuple(energy for each in bars_of for energy in each),
            tempo=TempoMap.constant(context.bpm),
            time_signature=context.time_signature,
            ending=chosen_ending(context, style, bars, decisions),
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


def _worded_slots(context: CompositionContext, bars: int) -> tuple[Slot, ...]:
    """Return the sections that the tags of the words name, in order; none where the style's form suits them better."""
    kinds = list(tagged_kinds(context.lyrics or ""))
    bar_seconds = float(context.time_signature.bar * 60 / context.bpm)
    natural = {**_NATURAL, **natural_bars(context.lyrics or "", bar_seconds)}
    if not kinds or bars > _SPARE * sum(natural.get(kind, 8) for kind in kinds) + 2 * _FRAME_BARS:
        return ()
    framed = [*([SectionKind.INTRO] if kinds[0] is not SectionKind.INTRO else []), *kinds]
    framed += [SectionKind.OUTRO] if kinds[-1] is not SectionKind.OUTRO else []
    if len(framed) * _FRAME_BARS <= bars:
        return fit_asked(framed, natural, bars)
    return fit_asked(kinds[: max(1, bars // _FRAME_BARS)], natural, bars)


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


def _style_energies(context: CompositionContext, style: Style, slots: Sequence[Slot]) -> list[list[float]]:
    """Return the energy of every bar, section by section, as the style has it; what leads on rises."""
    curve = style.table("form").get("energy", {})
    seen: Counter[SectionKind] = Counter()
    energies: list[float] = []
    for slot in slots:
        quiet = slot.kind in {SectionKind.INTRO, SectionKind.OUTRO}
        growth = 0.0 if quiet else _GROWTH * seen[slot.kind]
        seen[slot.kind] += 1
        energies.append(_clamped(curve.get(slot.kind, 0.5) + growth + mood_of(context).energy, 0.05, 0.95))
    peak = _peak_place(slots)
    energies[peak] = min(1.0, max(energies) + 0.05)
    return [_inside(slot, energy) for slot, energy in zip(slots, energies, strict=True)]


def _inside(slot: Slot, energy: float) -> list[float]:
    """Return the energy of a section's bars, with the section's as their mean."""
    slope = _SLOPES.get(slot.kind, 0.0) * min(1.0, slot.bars / 8) * min(1.0, (1.0 - energy) / 0.2, energy / 0.2)
    middle = (slot.bars - 1) / 2
    return [round(energy + slope * (bar - middle) / max(1, slot.bars - 1), 4) for bar in range(slot.bars)]


def _peak_place(slots: Sequence[Slot]) -> int:
    """Return the last chorus or drop, or without one the last section that is no ending."""
    goals = [place for place, slot in enumerate(slots) if slot.kind in PEAKS]
    bodies = [place for place, slot in enumerate(slots) if slot.kind not in {SectionKind.INTRO, SectionKind.OUTRO}]
    return (goals or bodies or [0])[-1]


def _asked_energies(context: CompositionContext, slots: Sequence[Slot]) -> list[list[float]]:
    """Return the mean of the asked curve, straight between its points, over every bar, section by section."""
    total = sum(slot.bars for slot in slots)
    energies: list[list[float]] = []
    start = 0
    for slot in slots:
        energies.append([_bar_mean(context.energy, bar, total) for bar in range(start, start + slot.bars)])
        start += slot.bars
    return energies


def _bar_mean(points: Sequence[float], bar: int, total: int) -> float:
    places = [(bar + (part + 0.5) / _CURVE_PARTS) / total for part in range(_CURVE_PARTS)]
    return round(sum(_curve(points, place) for place in places) / _CURVE_PARTS, 4)


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
