"""The drums: a groove per group of sections, turned around, varied, filled and crashed as a drummer would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.element import EVERYTHING, Scope
from text2song.compose.elements.cues import Cues, cues, groove_of, is_held
from text2song.compose.elements.fills import Fill, fill_before
from text2song.compose.elements.kit import Kit, capped, kit_of, level
from text2song.compose.elements.pace import TIMEKEEPERS
from text2song.compose.elements.patterns import Groove
from text2song.compose.elements.percussion import percussion_notes
from text2song.compose.elements.production import production_of
from text2song.compose.elements.steps import bars_of
from text2song.compose.style import Style
from text2song.domain.composition import PartPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import TimeSignature

#: What the second bar of every four may do differently; nothing, mostly in soft styles.
VARIATIONS = ("none", "kick pickup", "open hat", "ghost notes", "late kick")
#: Energies below and above which timekeepers thin out or fill up, the fastest tempo for that, and who does it.
_SPARSE_BELOW, _DENSE_ABOVE, _DENSE_BPM = 0.3, 0.86, 124.0
_DOUBLED = ("hat", "shaker", "tambourine")
#: A fill as like its groove as this is not heard as one.
_FILL_LIKENESS = 0.85
_CRASH = MappingProxyType({"kick": "x...............", "crash": "X..............."})
#: The snare roll of a build-up, from its first bar to its last.
_ROLLS = ("x...x...x...x...", "x.x.x.x.x.x.x.x.", "x.x.x.x.xxxxxxxx", "xxxxxxxxxxxxxxxx")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a drummer knows while playing one section."""

    composition: UnifiedComposition
    section: Section
    groove: Groove
    kit: Kit
    cues: Cues
    fill: Fill | None
    variation: str
    #: Whether the section before this one also had drums.
    came_from: bool

    def energy(self, bar: int) -> float:
        """Return the target of a bar of the section."""
        return self.composition.energy_at((self.section.start_bar + bar) * self.metre.bar)

    @property
    def metre(self) -> TimeSignature:
        """The song's metre."""
        return self.composition.time_signature


class DrumsElement:
    """Adds every part with the role DRUMS: kits and hand percussion."""

    name = "drums"

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        """What is left out of `scope` changes nothing of what is not."""
        self._scope = scope

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        """Return the composition with its drum parts."""
        agreed = cues(composition, style, decisions)
        parts = []
        for plan in composition.arrangement:
            if plan.role is not Role.DRUMS or not self._scope.has_part(plan.name):
                continue
            if plan.name.partition("-")[0] == "drums":
                notes = _kit_notes(composition, plan, style, decisions, agreed, self._scope)
            else:
                notes = percussion_notes(composition, plan, style, decisions, agreed, self._scope)
            parts.append(Part(plan.name, plan.role, plan.instrument, tuple(sorted(notes))))
        return replace(composition, parts=composition.parts + tuple(parts))


def _kit_notes(
    composition: UnifiedComposition, plan: PartPlan, style: Style, decisions: Decisions, agreed: Cues, scope: Scope
) -> list[Note]:
    notes: list[Note] = []
    pace = production_of(composition.context).pace
    sections = composition.sections
    for index, section in enumerate(sections):
        after = sections[index + 1] if index + 1 < len(sections) else None
        # The drums leave on the next section's first beat.
        leave = after is not None and after.name not in plan.sections
        there = scope.has_section(section.name) or (after is not None and leave and scope.has_section(after.name))
        if section.name not in plan.sections or not there:
            continue
        weights = style.table("groove").get("variations", [1.0] * len(VARIATIONS))
        seat = Seat(
            composition=composition,
            section=section,
            groove=groove_of(section, composition.time_signature, style, decisions, pace),
            kit=kit_of(plan.instrument, style),
            cues=agreed,
            fill=fill_before(after, section, plan, style, decisions),
            variation=decisions.decide(f"{section.name}/{plan.name}/variation", VARIATIONS, weights),
            came_from=index > 0,
        )
        notes.extend(_section(seat, plan.name))
        if after is not None and leave and section.energy >= 0.5:
            notes.extend(_hits(replace(seat, section=after), 0, _CRASH, f"{plan.name}/last crash"))
    return notes


def _section(seat: Seat, part: str) -> list[Note]:
    struck: dict[tuple[Fraction, int], Note] = {}
    last_of_song = seat.section.end_bar == seat.composition.bars
    for bar in range(seat.section.bars):
        if is_held(seat.composition, seat.section.start_bar + bar):
            lanes = {"kick": "X...............", "crash": "x..............."}
            hits = _hits(seat, bar, lanes, f"{part}/end")
        else:
            hits = _hits(seat, bar, _lanes(seat, bar), f"{part}/groove")
        if bar == seat.section.bars - 1 and not last_of_song:
            hits = _with_fill(seat, hits, bar, part)
        if bar == 0 and (seat.came_from or seat.section.energy > 0.6):
            hits += _hits(seat, 0, _CRASH, f"{part}/crash")
        elif bar and bar % 8 == 0 and seat.section.energy >= 0.7:
            hits += _hits(seat, bar, {"crash": "x..............."}, f"{part}/crash")
        for note in hits:
            key = (note.start, note.pitch)
            if key not in struck or struck[key].velocity < note.velocity:
                struck[key] = note
    return capped(seat.cues.struck(list(struck.values()), part), seat.composition.length)


def _lanes(seat: Seat, bar: int) -> dict[str, str]:
    """Return the lanes of one bar of the section: groove, turn-around, variation, roll."""
    lanes = dict(seat.groove.lanes)
    if bar % 4 == 3 or (seat.groove.bars == 2 and bar % 4 >= 2):
        lanes |= seat.groove.turn
    if bar % 4 == 1:
        lanes = _varied(lanes, seat.variation)
    if seat.section.kind is SectionKind.BUILD:
        progress = min(len(_ROLLS) - 1, bar * len(_ROLLS) // seat.section.bars)
        lanes["snare"] = _ROLLS[progress] if seat.groove.bars == 1 else _ROLLS[progress] * 2
    elif seat.section.bars > 8 and bar >= seat.section.bars // 2 and "hat" in lanes and "ride" not in lanes:
        # The second half of a long section opens up: hi-hat to ride, or open hats where the kit has no ride.
        if seat.kit.rides:
            lanes["ride"] = lanes.pop("hat")
        else:
            lanes.setdefault("open", "..o...o...o...o.")
    return _dense(lanes, seat.energy(bar), float(seat.composition.tempo.bpm))


def _dense(lanes: dict[str, str], energy: float, bpm: float) -> dict[str, str]:
    """Return the lanes with timekeepers on beats alone when it is quiet, and in sixteenths at the song's height."""
    if energy < _SPARSE_BELOW:
        quiet = {lane: _on_beats(pattern) if lane in TIMEKEEPERS else pattern for lane, pattern in lanes.items()}
        return {lane: pattern.replace("g", ".") for lane, pattern in quiet.items()}
    if energy > _DENSE_ABOVE and bpm <= _DENSE_BPM:
        return {lane: _doubled(pattern) if lane in _DOUBLED else pattern for lane, pattern in lanes.items()}
    return lanes


def _on_beats(pattern: str) -> str:
    step = next((size // 4 for size in (16, 12, 8) if len(pattern) % size == 0), 1)
    return "".join(symbol if place % step == 0 else "." for place, symbol in enumerate(pattern))


def _doubled(pattern: str) -> str:
    """Return eighths with soft strokes between them; anything else as it is."""
    if len(pattern) % 16 or any(symbol != "." for symbol in pattern[1::2]):
        return pattern
    pairs = zip(pattern[::2], pattern[1::2], strict=True)
    return "".join(first + ("g" if first != "." else second) for first, second in pairs)


def _varied(lanes: dict[str, str], variation: str) -> dict[str, str]:
    """Return the lanes with one small change at the end of the bar."""
    additions = {
        "kick pickup": ("kick", 7 / 8),
        "late kick": ("kick", 5 / 8),
        "open hat": ("open", 7 / 8),
        "ghost notes": ("snare", 9 / 16),
    }
    if variation not in additions:
        return lanes
    lane, where = additions[variation]
    length = len(max(lanes.values(), key=len))
    pattern = lanes.get(lane, "." * length)
    at = int(where * len(pattern))
    if pattern[at] != "." or len(pattern) % 16:
        return lanes
    return lanes | {lane: pattern[:at] + ("g" if lane == "snare" else "o") + pattern[at + 1 :]}


def _hits(seat: Seat, bar: int, lanes: Mapping[str, str], why: str) -> list[Note]:
    start = (seat.section.start_bar + bar) * seat.metre.bar
    force = _force(seat, bar)
    notes = []
    for lane, pattern in lanes.items():
        whole = bars_of(pattern, seat.metre, keeps_time=lane in TIMEKEEPERS, bars=_length(pattern, seat.groove))
        for step in whole[bar % len(whole)]:
            velocity = round(level(step.symbol) * force * seat.kit.balance(lane))
            notes.append(seat.kit.note(lane, start + step.start, velocity, f"{seat.section.name}/{why}"))
    return notes


def _length(pattern: str, groove: Groove) -> int:
    """Lanes of a two-bar groove may still be one bar long, as rolls and crashes are."""
    return groove.bars if len(pattern.replace(" ", "").replace("|", "")) > 16 or groove.bars == 1 else 1


def _force(seat: Seat, bar: int) -> float:
    """Return how hard the section is played; build-ups grow."""
    growth = 0.12 * (bar + 1) / seat.section.bars - 0.06 if seat.section.kind is SectionKind.BUILD else 0.0
    return 0.7 + 0.36 * seat.energy(bar) + growth


def _with_fill(seat: Seat, hits: list[Note], bar: int, part: str) -> list[Note]:
    """Replace the end of the section's last bar by its fill, which ends where a gap begins.

    A fill that hardly differs from the groove it replaces takes more of the bar.
    """
    if seat.fill is None:
        return hits
    end = (seat.section.start_bar + bar + 1) * seat.metre.bar
    gap = seat.cues.gap_in(end - seat.metre.bar, end)
    shift = end - gap.start if gap else Fraction(0)
    filled = _hits(seat, bar, dict(seat.fill.lanes), f"{part}/fill")
    result = hits
    for beats in range(seat.fill.beats, int(seat.metre.bar / seat.metre.pulse) + 1):
        length = min(beats * seat.metre.pulse, seat.metre.bar - shift)
        # The fill is written up to the bar line; before a gap it moves forward by the gap's length.
        inside = [replace(note, start=note.start - shift) for note in filled if note.start >= end - length]
        result = [note for note in hits if note.start < end - shift - length] + inside
        if shift or _likeness(result, hits, end - seat.metre.bar / 2) < _FILL_LIKENESS:
            break
    return result


def _likeness(one: list[Note], other: list[Note], since: Fraction) -> float:
    """Return how alike two bars are from a position on (Dice), 0..1."""
    left, right = ({(note.start, note.pitch) for note in notes if note.start >= since} for notes in (one, other))
    return 2 * len(left & right) / max(1, len(left) + len(right))
