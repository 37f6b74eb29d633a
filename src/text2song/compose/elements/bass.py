"""The bass: roots that lock with the kick, dressed in the style's idiom, leading into the next chord."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.element import EVERYTHING, Scope
from text2song.compose.elements.basslines import Register, approach, place, walked
from text2song.compose.elements.changes import Changes
from text2song.compose.elements.cues import Cues, cues, groove_of, is_held
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.patterns import Groove, Idiom, idioms
from text2song.compose.elements.production import production_of
from text2song.compose.elements.steps import Step, bars_of
from text2song.compose.metre import counted_groups, group_starts
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import Chord, TimeSignature

#: From this energy on, a section gets the lively form of the idiom.
LIVELY_FROM = 0.65
_EIGHTH = Fraction(1, 2)
_SHORTEST = Fraction(1, 16)
#: A bar of fewer notes is a held one.
_LINE = 2
_SKIPS = 0.7
#: Velocities by symbol: roots lead, ornaments follow, small letters are ghosts.
_LEVELS = MappingProxyType({"R": 100, "O": 94, "L": 94, "5": 92, "3": 90, "7": 90, "A": 92, "r": 72, "o": 74, "k": 98})


@dataclass(frozen=True, slots=True)
class BassChair:
    """What the bass player knows in one section."""

    composition: UnifiedComposition
    style: Style
    decisions: Decisions
    plan: PartPlan
    section: Section
    idiom: Idiom
    changes: Changes
    #: The drummer's groove in this section.
    groove: Groove
    #: The target of the bar at hand, 0..1.
    energy: float
    #: Share of each step that sounds: the idiom's, longer or shorter by the mood.
    gate: Fraction

    @property
    def register(self) -> Register:
        """The pitches of the part."""
        return Register(self.plan.low, self.plan.high)


class BassElement:
    """Adds every part with the role BASS."""

    name = "bass"

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        """What is left out of `scope` changes nothing of what is not."""
        self._scope = scope

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its bass part; needs the harmony."""
        agreed = cues(composition, style, decisions)
        parts = [
            Part(
                plan.name,
                plan.role,
                plan.instrument,
                tuple(_part_notes(composition, plan, style, decisions, agreed, self._scope)),
            )
            for plan in composition.arrangement
            if plan.role is Role.BASS and self._scope.has_part(plan.name)
        ]
        return replace(composition, parts=composition.parts + tuple(parts))


def _part_notes(
    composition: UnifiedComposition, plan: PartPlan, style: Style, decisions: Decisions, agreed: Cues, scope: Scope
) -> list[Note]:
    changes = Changes(composition)
    longer = mood_of(composition.context).gate
    chosen: dict[bool, Idiom] = {}
    for lively in (False, True):
        chosen[lively] = _idiom(plan, style, decisions, lively=lively)
    notes: list[Note] = []
    for section in composition.sections:
        if section.name in plan.sections and scope.has_section(section.name):
            pace = production_of(composition.context).pace
            groove = groove_of(section, composition.time_signature, style, decisions, pace)
            for bar in range(agreed.entry(section, plan.name), section.bars):
                energy = composition.energy_at((section.start_bar + bar) * composition.time_signature.bar)
                idiom = chosen[energy >= LIVELY_FROM]
                gate = min(Fraction(1), _simple(idiom.gate) * longer)
                chair = BassChair(composition, style, decisions, plan, section, idiom, changes, groove, energy, gate)
                notes.extend(_bar(chair, bar))
    return sorted(agreed.silenced(notes, plan.name))


@cache
def _simple(share: float) -> Fraction:
    return Fraction(share).limit_denominator(32)


def _idiom(plan: PartPlan, style: Style, decisions: Decisions, *, lively: bool) -> Idiom:
    by_name = {idiom.name: idiom for idiom in idioms("bass")}
    rows = style.table("bass").get("lively" if lively else "calm", [["roots", 1.0]])
    name = decisions.decide(
        f"{plan.name}/idiom/{'lively' if lively else 'calm'}", [row[0] for row in rows], [float(row[1]) for row in rows]
    )
    return by_name[name]


def _bar(chair: BassChair, bar: int) -> list[Note]:
    metre = chair.composition.time_signature
    start = (chair.section.start_bar + bar) * metre.bar
    why = f"{chair.section.name}/{chair.plan.name}/{chair.idiom.name}"
    if is_held(chair.composition, chair.section.start_bar + bar):
        span = chair.changes.at(start)
        root = place(span.chord.bass_pitch_class, chair.register)
        return [Note(start, root, metre.bar, 96, why=f"{chair.section.name}/{chair.plan.name}/end")]
    if chair.idiom.technique == "walk":
        notes = walked(chair.changes, start, metre, chair.register, chair.decisions, why)
    else:
        notes = [_note(chair, start, step, why) for step in _steps(chair, bar, start)]
    return _with_approach(chair, bar, start, notes)


def _steps(chair: BassChair, bar: int, start: Fraction) -> list[Step]:
    """Return the bar's steps; every chord change inside the bar begins with its root."""
    metre = chair.composition.time_signature
    idiom = chair.idiom
    if idiom.technique == "kick":
        whole = bars_of(_kick(chair, bar), metre, bars=chair.groove.bars)
        steps = _legato(list(whole[bar % len(whole)]), metre.bar)
    else:
        pattern = idiom.lively if chair.energy >= LIVELY_FROM else idiom.steps
        whole = bars_of(pattern, metre, bars=idiom.bars)
        steps = list(whole[bar % len(whole)])
    steps = _on_groups(steps, metre)
    starts = {span.start - start for span in chair.changes.between(start, start + metre.bar) if span.start > start}
    steps = [replace(step, symbol="R") if step.start in starts else step for step in steps]
    return _cut_at(steps, sorted(starts), metre.bar)


def _kick(chair: BassChair, bar: int) -> str:
    groove = chair.groove
    lanes = {**groove.lanes, **(groove.turn if bar % 4 == 3 else {})}
    length = len(next(iter(groove.lanes.values())))
    pattern = lanes.get("kick", "")
    return pattern if len(pattern) == length else "k" + "-" * (length - 1)


def _legato(steps: list[Step], bar: Fraction) -> list[Step]:
    """Let each kick's note last until the next kick; a bar that begins without a kick still begins with the root."""
    if not steps or steps[0].start > 0:
        steps = [Step(Fraction(0), bar, "R"), *steps]
    ends = [step.start for step in steps[1:]] + [bar]
    return [Step(step.start, end - step.start, "k") for step, end in zip(steps, ends, strict=True)]


def _on_groups(steps: list[Step], metre: TimeSignature) -> list[Step]:
    """Let every group of an uneven bar begin with a note; a bar that is one long note stays so."""
    if len(steps) < _LINE or not counted_groups(metre):
        return steps
    found = {step.start: step for step in steps}
    for start in group_starts(metre):
        if start in found:
            continue
        before = max((at for at in found if at < start), default=None)
        after = min((at for at in found if at > start), default=metre.bar)
        if before is not None:
            cut = found[before]
            found[before] = replace(cut, duration=min(cut.duration, start - before))
        found[start] = Step(start, after - start, "R")
    return [found[at] for at in sorted(found)]


def _cut_at(steps: list[Step], starts: list[Fraction], bar: Fraction) -> list[Step]:
    """Restrike where the chord changes under a long note."""
    found = []
    for step in steps:
        at, end = step.start, step.start + step.duration
        for change in [change for change in starts if at < change < end] + [end]:
            symbol = step.symbol if at == step.start else "R"
            found.append(Step(at, min(change, bar) - at, symbol))
            at = change
    return found


def _note(chair: BassChair, start: Fraction, step: Step, why: str) -> Note:
    # An anticipation already stands on the chord that begins as it ends.
    early = step.duration if step.symbol == "N" else Fraction(0)
    span = chair.changes.at(start + step.start + early)
    if step.symbol == "A":
        following = chair.changes.after(span)
        target = place(following.chord.bass_pitch_class, chair.register)
        pitch = approach(target, chair.composition.key_at(following.start), chair.register)
    else:
        pitch = _tone(step.symbol, span.chord, chair.register)
    velocity = round(_LEVELS.get(step.symbol, 96) * (0.74 + 0.3 * chair.energy))
    length = max(step.duration * chair.gate, _SHORTEST)
    return Note(start + step.start, pitch, length, velocity, why=why)


def _tone(symbol: str, chord: Chord, register: Register) -> int:
    """Return the pitch a symbol stands for on a chord; octaves that do not fit stay on the root."""
    root = place(chord.bass_pitch_class, register)
    tones = chord.pitch_classes
    if symbol in "Oo":
        return root + 12 if register.holds(root + 12) else root
    if symbol == "L":
        return root - 12 if register.holds(root - 12) else root
    index = {"3": 1, "5": 2, "7": 3}.get(symbol)
    if index is None:
        return root
    # Power chords have no third and triads no seventh: the nearest tone the chord does have.
    return place(tones[min(index, len(tones) - 1)], register, above=root)


def _with_approach(chair: BassChair, bar: int, start: Fraction, notes: list[Note]) -> list[Note]:
    """Lead into a new root on the bar's last eighth, as often as the style does."""
    end = start + chair.composition.time_signature.bar
    here, there = chair.changes.at(end - _EIGHTH), chair.changes.at(end)
    table = chair.style.table("bass")
    # A figure that leads into the next root by itself needs no help.
    leads = "A" in (chair.idiom.lively if chair.energy >= LIVELY_FROM else chair.idiom.steps)
    if not notes or leads or here.chord.bass_pitch_class == there.chord.bass_pitch_class:
        return notes
    # A walking bass leads on its last beat anyway; a skip between is for now and then.
    share = float(table.get("approach", 0.3)) * (_SKIPS if chair.idiom.technique == "walk" else 1.0)
    if not chair.decisions.chance(f"{chair.section.name}/{chair.plan.name}/approach/{bar}", share):
        return notes
    target = place(there.chord.bass_pitch_class, chair.register)
    key = chair.composition.key_at(there.start)
    pitch = approach(target, key, chair.register, chromatic=bool(table.get("chromatic", False)))
    moment = end - _EIGHTH
    kept = [note for note in notes if note.start < moment]
    kept = [replace(note, duration=min(note.duration, moment - note.start)) for note in kept]
    return [
        *kept,
        Note(moment, pitch, _EIGHTH * 9 / 10, 90, why=f"{chair.section.name}/{chair.plan.name}/approach/{bar}"),
    ]
