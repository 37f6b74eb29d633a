"""Drum fills: which one leads into the next section, and how long it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from text2song.compose.decisions import Decisions
from text2song.compose.elements.patterns import Groove, fills
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, SectionKind

_ARRIVALS = (SectionKind.CHORUS, SectionKind.DROP, SectionKind.SOLO)


@dataclass(frozen=True, slots=True)
class Fill:
    """The last beats of a section."""

    name: str
    #: Beats (pulses of the metre) it takes.
    beats: int
    #: A whole bar in steps; only its last beats are played.
    lanes: Mapping[str, str]


def fill_before(
    after: Section | None, section: Section, plan: PartPlan, style: Style, decisions: Decisions
) -> Fill | None:
    """Return the fill at the end of `section`, None at the end of the song."""
    if after is None:
        return None
    character = str(style.table("groove").get("fills", "rock"))
    fitting = [fill for fill in fills() if character in fill.groups]
    groove = decisions.decide(f"{section.name}/{plan.name}/fill", fitting, [fill.weight for fill in fitting])
    return Fill(groove.name, _beats(after, section, plan, groove, decisions), groove.lanes)


def _beats(after: Section, section: Section, plan: PartPlan, groove: Groove, decisions: Decisions) -> int:
    """Big arrivals get long fills, and drums that fall silent leave with a short one."""
    path = f"{section.name}/{plan.name}/fill-beats"
    if after.name not in plan.sections or section.bars < 2 or groove.name.startswith("short"):
        return 1
    big = after.kind in _ARRIVALS and after.energy > section.energy
    return decisions.decide(path, (1, 2, 4), (1.0, 3.0, 2.0) if big else (3.0, 2.0, 0.0))
