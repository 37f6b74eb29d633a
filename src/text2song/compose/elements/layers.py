"""Layers: the energy of a section decides how many of the players it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from text2song.compose.decisions import Decisions
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
_ARRIVALS = (SectionKind.CHORUS, SectionKind.DROP)


def layered_sections(
    composition: UnifiedComposition, players: Sequence[Player], style: Style, decisions: Decisions
) -> dict[str, tuple[str, ...]]:
    """Return, per player, the names of the sections the player is in; the strongest section has everybody."""
    own = style.table("palette").get("enter", {})
    band = [player for player in players if player.role not in (Role.LEAD, Role.EFFECTS)]
    enter = {player.name: _threshold(player, own) for player in band}
    levels = _levels(composition.sections)
    shift = production_of(composition.context).layers
    peak = max(levels, key=lambda name: levels[name])
    found: dict[str, list[str]] = {player.name: [] for player in players}
    opening = decisions.decide("arrangement/opening", *_openings(style))
    bare = bool(style.table("palette").get("bare_breakdown", True))
    for section in composition.sections:
        everybody = section.name == peak
        level = 1.0 if everybody else levels[section.name] + _GROWTH * (_count(section) - 1) - shift
        silent = "drums" if bare and section.kind is SectionKind.BREAKDOWN else ""
        there = {name: enter[name] for name in enter if name.partition("-")[0] != silent}
        for name in _present(section, level, there, opening):
            found[name].append(section.name)
    for player in players:
        if player.role is Role.EFFECTS:
            found[player.name] = _before_arrivals(composition.sections)
    return {name: tuple(sections) for name, sections in found.items()}


def _threshold(player: Player, own: Mapping[str, float]) -> float:
    place, _, extra = player.name.partition("-")
    usual = float(own.get(place, ENTER.get(place, 0.5))) + (0.15 if extra and not player.asked else 0.0)
    return min(usual, _ASKED_BY) if player.asked else usual


def _openings(style: Style) -> tuple[list[str], list[float]]:
    rows = style.table("palette").get("opening", [["energy", 1.0]])
    return [str(name) for name, _ in rows], [float(weight) for _, weight in rows]


def _levels(sections: Sequence[Section]) -> dict[str, float]:
    """Return each section's energy, stretched so that a song of narrow range still has contrast."""
    lowest = min(section.energy for section in sections)
    span = max(section.energy for section in sections) - lowest
    if span < 0.05:
        return {section.name: 0.75 for section in sections}
    return {section.name: 0.4 * section.energy + 0.6 * (section.energy - lowest) / span for section in sections}


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
