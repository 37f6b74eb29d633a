"""Hand percussion: shaker, tambourine, congas and the orchestra's, each with its own patterns."""

from __future__ import annotations

from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.element import Scope
from text2song.compose.elements.changes import Changes
from text2song.compose.elements.cues import Cues, ends_held
from text2song.compose.elements.kit import capped, kit_of, level
from text2song.compose.elements.patterns import Groove, grooves, suits
from text2song.compose.elements.steps import bars_of
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.score import Note

#: From this energy on, a bar gets the lively pattern.
_LIVELY_FROM = 0.65


def percussion_notes(
    composition: UnifiedComposition, plan: PartPlan, style: Style, decisions: Decisions, agreed: Cues, scope: Scope
) -> list[Note]:
    """Return the notes of one percussion part; its pattern stays, its turn-around closes every fourth bar."""
    hands = str(style.table("groove").get("hands", ""))
    metre = composition.time_signature.name
    calm = _pattern(plan, "calm", hands, metre, decisions)
    lively = _pattern(plan, "lively", hands, metre, decisions)
    notes: list[Note] = []
    for section in composition.sections:
        if section.name in plan.sections and scope.has_section(section.name):
            notes.extend(_section_notes(composition, plan, section, (calm, lively), style, agreed))
    kept = capped(agreed.struck(notes, plan.name), composition.length)
    return kept if instrument(plan.instrument).percussion else _tuned(kept, composition, plan)


def _tuned(notes: list[Note], composition: UnifiedComposition, plan: PartPlan) -> list[Note]:
    """Give pitched drums such as timpani the root of the chord, near the bottom of their register."""
    changes = Changes(composition)
    tuned = []
    for note in notes:
        root = changes.at(note.start).chord.root
        tuned.append(replace(note, pitch=plan.low + (root - plan.low) % 12))
    return tuned


def _pattern(plan: PartPlan, group: str, hands: str, metre: str, decisions: Decisions) -> Groove:
    """Choose among the patterns of the instrument: the style's own first, else those that belong to no style."""
    pool = [groove for groove in grooves("percussion") if group in groove.groups and suits(groove, metre)]
    own = [groove for groove in pool if plan.instrument in groove.groups]
    styled = [groove for groove in own if hands in groove.hands]
    fitting = styled or [groove for groove in own if not groove.hands]
    fitting = fitting or [groove for groove in pool if "any" in groove.groups]
    # What is made for the metre goes before what is only fitted to it.
    fitting = [groove for groove in fitting if groove.metres] or fitting
    return decisions.decide(f"{plan.name}/pattern/{group}", fitting, [groove.weight for groove in fitting])


def _section_notes(
    composition: UnifiedComposition,
    plan: PartPlan,
    section: Section,
    pair: tuple[Groove, Groove],
    style: Style,
    agreed: Cues,
) -> list[Note]:
    kit = kit_of(plan.instrument, style)
    metre = composition.time_signature
    # The end of the song belongs to the held chord.
    held = section.end_bar == composition.bars and ends_held(composition)
    last = section.bars - held
    notes = []
    for bar in range(agreed.entry(section, plan.name), last):
        start = (section.start_bar + bar) * metre.bar
        energy = composition.energy_at(start)
        groove = pair[energy >= _LIVELY_FROM]
        lanes = {**groove.lanes, **(groove.turn if bar % 4 == 3 else {})}
        # The last beat of a section belongs to what leads on.
        until = metre.bar - (metre.pulse if section.end_bar < composition.bars and bar == section.bars - 1 else 0)
        for lane, pattern in lanes.items():
            whole = bars_of(pattern, metre, keeps_time=True, bars=groove.bars)
            for step in (step for step in whole[bar % len(whole)] if step.start < until):
                velocity = round(level(step.symbol) * (0.6 + 0.34 * energy))
                notes.append(kit.note(lane, start + step.start, velocity, f"{section.name}/{plan.name}/{groove.name}"))
    return notes
