"""The accompaniment: chords, pads, arpeggios, counter lines and risers, each in an idiom its instrument can play."""

from __future__ import annotations

from dataclasses import replace

from text2song.compose.decisions import Decisions
from text2song.compose.element import EVERYTHING, Scope
from text2song.compose.elements.changes import Changes
from text2song.compose.elements.cues import Cues, cues, is_held
from text2song.compose.elements.figures import Hand, figure
from text2song.compose.elements.longnotes import counter_line, riser, sustained
from text2song.compose.elements.patterns import Idiom, idioms, suits
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.score import Note, Part, Role

_ROLES = (Role.CHORDS, Role.PAD, Role.ARPEGGIO, Role.COUNTER, Role.EFFECTS)


class AccompanimentElement:
    """Adds every part that carries the harmony above the bass."""

    name = "accompaniment"

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        """Parts left out of `scope` change no other; all sections are written, for a hand comes from somewhere."""
        self._scope = scope

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its accompaniment; needs the harmony."""
        agreed = cues(composition, style, decisions)
        changes = Changes(composition)
        parts = []
        for plan in composition.arrangement:
            if plan.role in _ROLES and self._scope.has_part(plan.name):
                notes = _part_notes(composition, plan, style, decisions, agreed, changes)
                parts.append(Part(plan.name, plan.role, plan.instrument, tuple(sorted(notes))))
        return replace(composition, parts=composition.parts + tuple(parts))


def _part_notes(
    composition: UnifiedComposition, plan: PartPlan, style: Style, decisions: Decisions, agreed: Cues, changes: Changes
) -> list[Note]:
    if plan.role is Role.EFFECTS:
        return riser(composition, plan)
    idiom = _idiom(plan, composition.time_signature.name, style, decisions)
    hand = Hand(composition, plan, idiom, changes)
    notes: list[Note] = []
    for section in composition.sections:
        if section.name not in plan.sections:
            continue
        first = agreed.entry(section, plan.name)
        if idiom.technique == "sustain":
            notes.extend(sustained(hand, section, first))
            continue
        if idiom.technique == "line":
            notes.extend(counter_line(hand, section, first, decisions))
            continue
        for bar in range(first, section.bars):
            held = is_held(composition, section.start_bar + bar)
            notes.extend(figure(hand, section, bar, held=held))
    return agreed.silenced(notes, plan.name)


def _idiom(plan: PartPlan, metre: str, style: Style, decisions: Decisions) -> Idiom:
    """Choose among the style's idioms for the place that suit the instrument, else among all that do."""
    library = {idiom.name: idiom for idiom in idioms("accompaniment")}
    made_for = [(idiom, idiom.weight) for idiom in library.values() if metre in idiom.metres and _general(plan, idiom)]
    rows = style.table("accompaniment").get(plan.name.partition("-")[0], [])
    own = [(library[name], float(weight)) for name, weight in rows if _plays(plan, library[name])]
    native = [row for row in own if metre in row[0].metres]
    fitting = native or made_for or [row for row in own if suits(row[0], metre)]
    if not fitting:
        every = [idiom for idiom in library.values() if suits(idiom, metre) and _general(plan, idiom)]
        fitting = [(idiom, idiom.weight) for idiom in every]
    return decisions.decide(f"{plan.name}/idiom", [idiom for idiom, _ in fitting], [weight for _, weight in fitting])


def _plays(plan: PartPlan, idiom: Idiom) -> bool:
    info = instrument(plan.instrument)
    return not idiom.players or info.family in idiom.players or info.id in idiom.players


def _general(plan: PartPlan, idiom: Idiom) -> bool:
    return idiom.weight > 0 and idiom.role == str(plan.role) and _plays(plan, idiom)
