"""Layers: the energy of a section decides how many of the players it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.palette import Player
from text2song.compose.elements.production import production_of
from text2song.compose.style import Style
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.score import Role

#: The level in 0..1 from which a place plays, where the style does not say.
ENTER: Mapping[str, float] = MappingProxyType(
    {"chords": 0.0, "bass": 0.25, "drums": 0.3, "pad": 0.35, "arpeggio": 0.5, "percussion": 0.6, "counter": 0.72}
)
#: Asked instruments come in by this level, so that each is heard for a good part of the song.
_ASKED_BY = 0.3
#: How much earlier players come in each time a section returns.
_GROWTH = 0.1
_BEAT = ("drums", "percussion", "bass")
_TUNES = (Role.LEAD, Role.VOCAL)
#: Nobody pauses where fewer than these would be left, or for a fall smaller than this; a section shorter than this many
#: bars is looked at bar by bar.
_LEAST, _HYSTERESIS, _SHORT = 2, 0.06, 4
_LOUD_SHARE = 0.7
#: The level from which a drawn curve overrules how a style opens and breaks down.
_DRAWN_LOUD = 0.5
_ARRIVALS = (SectionKind.CHORUS, SectionKind.DROP)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole bars of the song."""

    first: int
    last: int


def layered_sections(
    composition: UnifiedComposition, players: Sequence[Player], style: Style, decisions: Decisions
) -> dict[str, tuple[str, ...]]:
    """Return, per player, the names of the sections the player is in; the strongest section has everybody."""
    own = style.table("palette").get("enter", {})
    band = [player for player in players if player.role not in (Role.LEAD, Role.EFFECTS)]
    enter = {player.name: _threshold(player.name, own, asked=player.asked) for player in band}
    levels = _section_levels(composition)
    peak = max(levels, key=lambda name: levels[name])
    found: dict[str, list[str]] = {player.name: [] for player in players}
    opening = decisions.decide("arrangement/opening", *_openings(style))
    bare = bool(style.table("palette").get("bare_breakdown", True))
    # A drawn curve says what it wants of an intro and a breakdown.
    drawn = bool(composition.context.energy)
    for section in composition.sections:
        level = 1.0 if section.name == peak else _heard(levels[section.name], section, composition)
        loud = drawn and level >= _DRAWN_LOUD
        silent = "drums" if bare and section.kind is SectionKind.BREAKDOWN and not loud else ""
        there = {name: enter[name] for name in enter if name.partition("-")[0] != silent}
        for name in _present(section, level, there, "energy" if loud else opening):
            found[name].append(section.name)
    for player in players:
        if player.role is Role.EFFECTS:
            found[player.name] = _before_arrivals(composition.sections)
    return {name: tuple(sections) for name, sections in found.items()}


def rests(composition: UnifiedComposition, style: Style) -> dict[str, tuple[Span, ...]]:
    """Return, per part, where it pauses inside its sections because a drawn energy curve falls there.

    The arrangement must be there. A curve that the style made moves with the sections, so nobody pauses.
    """
    if not composition.context.energy:
        return {}
    own = style.table("palette").get("enter", {})
    asked = composition.context.instruments
    levels = _bar_levels(composition)
    found: dict[str, list[Span]] = {}
    for section in composition.sections:
        band = {
            plan.name: _threshold(plan.name, own, asked=plan.instrument in asked)
            for plan in composition.arrangement
            if section.name in plan.sections and plan.role not in (*_TUNES, Role.EFFECTS)
        }
        core = sorted(band, key=lambda name: band[name])[:_LEAST]
        for span in _blocks(section):
            level = _heard(max(levels[span.first : span.last]), section, composition)
            for name, threshold in band.items():
                if name not in core and level < threshold - _HYSTERESIS:
                    found.setdefault(name, []).append(span)
    return {name: tuple(spans) for name, spans in found.items()}


def _heard(level: float, section: Section, composition: UnifiedComposition) -> float:
    """Return the level with what returns and production words add to it."""
    context = composition.context
    return level + _GROWTH * (_count(section) - 1) + mood_of(context).layers - production_of(context).layers


def _blocks(section: Section) -> list[Span]:
    """Return the section in blocks of two bars, or of one where it is short."""
    size = 2 if section.bars >= _SHORT else 1
    starts = range(section.start_bar, section.end_bar, size)
    return [Span(start, min(start + size, section.end_bar)) for start in starts]


def _threshold(name: str, own: Mapping[str, float], *, asked: bool) -> float:
    place, _, extra = name.partition("-")
    usual = float(own.get(place, ENTER.get(place, 0.5))) + (0.15 if extra and not asked else 0.0)
    return min(usual, _ASKED_BY) if asked else usual


def _openings(style: Style) -> tuple[list[str], list[float]]:
    rows = style.table("palette").get("opening", [["energy", 1.0]])
    return [str(name) for name, _ in rows], [float(weight) for _, weight in rows]


def _section_levels(composition: UnifiedComposition) -> dict[str, float]:
    """Return each section's level; a section in which a drawn curve moves has the players of its highest moment."""
    if not composition.context.energy:
        stretched = _stretched([section.energy for section in composition.sections])
        return dict(zip([section.name for section in composition.sections], stretched, strict=True))
    levels = _bar_levels(composition)
    return {
        section.name: max(max(levels[span.first : span.last]) for span in _blocks(section))
        for section in composition.sections
    }


def _bar_levels(composition: UnifiedComposition) -> list[float]:
    bar = composition.time_signature.bar
    return _stretched([composition.energy_at(number * bar) for number in range(composition.bars)])


def _stretched(energies: Sequence[float]) -> list[float]:
    """Return energies as levels, stretched so that a song of narrow range still has contrast."""
    lowest = min(energies)
    span = max(energies) - lowest
    if span < 0.05:
        return [0.75] * len(energies)
    # A song that is nowhere quiet does not lose its beat where it is least loud.
    return [max(0.4 * energy + 0.6 * (energy - lowest) / span, _LOUD_SHARE * energy) for energy in energies]


def _count(section: Section) -> int:
    number = section.name.rpartition(".")[2]
    return min(int(number), 4) if number.isdigit() else 1


def _present(section: Section, level: float, enter: Mapping[str, float], opening: str) -> list[str]:
    """Return who plays: everyone whose threshold is reached, and never fewer than two."""
    if section.kind is SectionKind.INTRO and section.start_bar == 0 and opening == "beat" and "drums" in enter:
        present = [name for name in enter if name.partition("-")[0] in _BEAT]
    else:
        present = [name for name in enter if enter[name] <= level]
    quiet = sorted((name for name in enter if name not in present), key=lambda name: enter[name])
    return present + quiet[: max(0, 2 - len(present))]


def _before_arrivals(sections: Sequence[Section]) -> list[str]:
    pairs = pairwise(sections)
    return [before.name for before, after in pairs if after.kind in _ARRIVALS and before.energy < after.energy]
