"""The last bar: the whole band turns its held chord into the song's own ending, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from text2song.compose.decisions import Decisions
from text2song.compose.element import EVERYTHING, Scope
from text2song.compose.elements.basslines import Register, place
from text2song.compose.elements.endings import Ending, ending_of
from text2song.compose.elements.kit import capped, kit_of, level
from text2song.compose.elements.pace import TIMEKEEPERS
from text2song.compose.elements.patterns import table
from text2song.compose.elements.roman import Roman
from text2song.compose.elements.steps import Step, bars_of
from text2song.compose.elements.voiceleading import voiced
from text2song.compose.style import Style
from text2song.domain.composition import RING, ChordSpan, PartPlan, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.theory import MODES, Chord

_SUNG = (Role.VOCAL, Role.BACKING)
#: The symbol of the song's last chord, and the hit that stands where a metre leaves none.
_LAST, _SHORT = "1", Fraction(1, 2)
#: The last hit is the strongest.
_FINAL = 5
#: How far a hand's chords stay behind the tune it plays above them.
_BEHIND = 14


@dataclass(frozen=True, slots=True)
class _Close:
    """The last bar as all players agree on it."""

    composition: UnifiedComposition
    ending: Ending
    #: Where the bar begins, quarter notes.
    start: Fraction
    hits: tuple[Step, ...]
    #: The chord of every hit.
    chords: tuple[Chord, ...]
    #: Who plays the ending's tune, "" for nobody.
    soloist: str
    #: Which bar of the ending's patterns it is: in metres of two beats they take two.
    half: int

    @property
    def stop(self) -> Fraction:
        """Where the last hit ends."""
        return self.start + self.hits[-1].start + self.hits[-1].duration

    @property
    def why(self) -> str:
        """The path of every note of the ending."""
        return f"{self.composition.sections[-1].name}/ending/{self.ending.name}"


class EndingElement:
    """Rewrites the last bar of every part in the manner of the song's ending."""

    name = "ending"

    def __init__(self, scope: Scope = EVERYTHING) -> None:
        """Parts left out of `scope` stay as they are; they are looked at all the same."""
        self._scope = scope

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:  # noqa: ARG002 - all was chosen with the form
        """Return the composition with its ending; where somebody still sings, the last chord rings instead."""
        ending = ending_of(composition.ending)
        if ending is None or not composition.ends_held or not composition.harmony or not composition.parts:
            return composition
        start = composition.length - composition.time_signature.bar
        if _is_sung(composition, start):
            return replace(composition, ending=RING)
        close = _close(without_ending(composition), ending, start)
        plans = {plan.name: plan for plan in composition.arrangement}
        parts = tuple(
            _ended(part, plans[part.name], close, style) if self._scope.has_part(part.name) else part
            for part in composition.parts
        )
        return replace(composition, parts=parts, harmony=_harmony(close))


def without_ending(composition: UnifiedComposition) -> UnifiedComposition:
    """Return the composition with one chord in its last bar where its ending has several: what the band plays on."""
    start = composition.length - composition.time_signature.bar
    if ending_of(composition.ending) is None or not composition.ends_held:
        return composition
    before = tuple(span for span in composition.harmony if span.start < start)
    there = composition.harmony[len(before) :]
    if len(there) < 2 or there[0].start != start:
        return composition
    one = replace(there[-1], start=start, duration=composition.time_signature.bar)
    return replace(composition, harmony=(*before, one))


def _is_sung(composition: UnifiedComposition, start: Fraction) -> bool:
    sung = (note for part in composition.parts if part.role in _SUNG for note in part.notes)
    return any(note.start + note.duration > start for note in sung)


def _close(composition: UnifiedComposition, ending: Ending, start: Fraction) -> _Close:
    last = composition.harmony[-1].chord
    key = composition.key_at(start)
    rows = table("idioms", "endings")["chords"]
    minor = 4 not in MODES[key.mode]
    # Only home can be come home to, from the beginning of a bar.
    home = last.root == key.tonic and composition.harmony[-1].start == start
    # Two bars of two beats share a pattern: the one with the last hit is the song's last.
    wholes = bars_of(ending.band, composition.time_signature)
    half = max((number for number, bar in enumerate(wholes) if bar), default=0)
    hits = wholes[half] or (Step(Fraction(0), _SHORT, _LAST),)
    hits = (*hits[:-1], replace(hits[-1], symbol=_LAST))
    chords = tuple(
        Roman.parse(rows[hit.symbol][minor]).chord(key) if home and hit.symbol in rows else last for hit in hits
    )
    return _Close(composition, ending, start, hits, chords, _soloist(composition, start), half)


def _soloist(composition: UnifiedComposition, start: Fraction) -> str:
    """Return the lead, or while it rests whoever has the chords: a pianist's right hand plays the tag."""
    ranked = (part for role in (Role.LEAD, Role.CHORDS) for part in composition.parts if part.role is role)
    # What sounds last stands last.
    ending = (part for part in ranked if any(note.start + note.duration > start for note in reversed(part.notes)))
    return next((part.name for part in ending), "")


def _harmony(close: _Close) -> tuple[ChordSpan, ...]:
    """Return the chords with those of the ending in place of the last bar's."""
    spans = close.composition.harmony
    last = spans[-1]
    if all(chord == last.chord for chord in close.chords):
        return spans
    before = [replace(span, duration=min(span.duration, close.start - span.start)) for span in spans]
    romans = {hit.symbol: _roman(close, hit.symbol) for hit in close.hits}
    found = [span for span in before if span.start < close.start]
    starts = [Fraction(0), *(hit.start for hit in close.hits[1:])]
    ends = [*starts[1:], close.composition.time_signature.bar]
    for hit, chord, begin, end in zip(close.hits, close.chords, starts, ends, strict=True):
        roman = romans[hit.symbol] or last.roman
        found.append(ChordSpan(chord, close.start + begin, end - begin, roman, last.section))
    return _joined(found, close.start)


def _joined(spans: Sequence[ChordSpan], since: Fraction) -> tuple[ChordSpan, ...]:
    """Return the spans with neighbours of one chord made one from a position on."""
    found: list[ChordSpan] = []
    for span in spans:
        if found and found[-1].start >= since and found[-1].chord == span.chord:
            found[-1] = replace(found[-1], duration=found[-1].duration + span.duration)
        else:
            found.append(span)
    return tuple(found)


def _roman(close: _Close, symbol: str) -> str:
    rows = table("idioms", "endings")["chords"]
    minor = 4 not in MODES[close.composition.key_at(close.start).mode]
    return str(rows[symbol][minor]) if symbol in rows else ""


def _ended(part: Part, plan: PartPlan, close: _Close, style: Style) -> Part:
    if part.role in _SUNG:
        return part
    ends = [note.start + note.duration for note in part.notes]
    there = [note for note, end in zip(part.notes, ends, strict=True) if end > close.start]
    if not there:
        return part
    before = [
        note if end <= close.start else replace(note, duration=close.start - note.start)
        for note, end in zip(part.notes, ends, strict=True)
        if note.start < close.start
    ]
    if part.role is Role.DRUMS:
        return replace(part, notes=(*before, *sorted(_drummed(part, plan, close, style))))
    if part.role is Role.EFFECTS:
        return replace(part, notes=(*before, *(_until(n, close.stop) for n in there if close.start <= n.start)))
    force = round(max(note.velocity for note in there) * close.ending.force)
    if part.name != close.soloist or not _has_tune(close):
        return replace(part, notes=(*before, *sorted(_together(part, plan, there, close, force))))
    tune = _tune(plan, there, close, force)
    below = [] if part.role is Role.LEAD else _together(part, plan, there, close, force - _BEHIND)
    struck = {(note.start, note.pitch): note for note in (*below, *tune)}
    return replace(part, notes=(*before, *sorted(struck.values())))


def _has_tune(close: _Close) -> bool:
    return bool(close.ending.tune) and bool(bars_of(close.ending.tune, close.composition.time_signature)[close.half])


def _until(note: Note, end: Fraction) -> Note:
    return note if note.start + note.duration <= end else replace(note, duration=end - note.start)


def _drummed(part: Part, plan: PartPlan, close: _Close, style: Style) -> list[Note]:
    if plan.name.partition("-")[0] != "drums":
        return [note for note in part.notes if close.start <= note.start < close.stop]
    kit = kit_of(plan.instrument, style)
    metre = close.composition.time_signature
    force = (0.7 + 0.36 * close.composition.energy_at(close.start)) * close.ending.force
    notes = []
    for lane, pattern in close.ending.drums.items():
        steps = bars_of(pattern, metre, keeps_time=lane in TIMEKEEPERS)[close.half]
        # What a metre leaves of the lane after the last hit would be an afterthought.
        inside = [step for step in steps if close.start + step.start < close.stop]
        for step in inside:
            velocity = round(level(step.symbol) * force * kit.balance(lane))
            notes.append(kit.note(lane, close.start + step.start, velocity, close.why))
    return capped(notes, close.composition.length)


def _together(part: Part, plan: PartPlan, there: Sequence[Note], close: _Close, force: int) -> list[Note]:
    """Return the hits of a part, each chord led from the one before, its tones rolled where the ending rolls them."""
    first = min(max(note.start, close.start) for note in there)
    shape = tuple(sorted({note.pitch for note in there if note.start <= first < note.start + note.duration}))
    notes = []
    for number, (hit, chord) in enumerate(zip(close.hits, close.chords, strict=True)):
        final = number == len(close.hits) - 1
        shape = _shape(part.role, plan, chord, shape, final=final)
        velocity = min(max(force + (_FINAL if final else 0), 12), 122)
        gap = round(close.ending.roll_ms * 1000) if final and len(shape) > 1 else 0
        for index, pitch in enumerate(shape):
            late = index * gap
            notes.append(Note(close.start + hit.start, pitch, hit.duration, velocity, nudge_us=late, why=close.why))
    return notes


def _shape(role: Role, plan: PartPlan, chord: Chord, before: tuple[int, ...], *, final: bool) -> tuple[int, ...]:
    if role is Role.BASS:
        return (place(chord.bass_pitch_class, Register(plan.low, plan.high)),)
    if len(before) == 1:
        # A line that ends comes home; elsewhere any tone of the chord is as good as it is near.
        classes = (chord.root,) if final and role is Role.LEAD else chord.pitch_classes
        reachable = [pitch for pitch in range(plan.low, plan.high + 1) if pitch % 12 in classes]
        return (min(reachable, key=lambda pitch: (abs(pitch - before[0]), pitch), default=before[0]),)
    if all(pitch % 12 in chord.pitch_classes for pitch in before):
        return before
    return voiced(chord, len(before), plan.low, plan.high, before)


def _tune(plan: PartPlan, there: Sequence[Note], close: _Close, force: int) -> list[Note]:
    """Return the tag where it lies best: the tonic it counts from nearest to what the lead last played."""
    tonic = close.composition.key_at(close.start).tonic
    minor = 4 not in MODES[close.composition.key_at(close.start).mode]
    homes = [pitch for pitch in range(plan.low - 4, plan.high - 11) if pitch % 12 == tonic] or [plan.low]
    home = min(homes, key=lambda pitch: (abs(pitch + 7 - max(note.pitch for note in there)), pitch))
    steps = bars_of(close.ending.tune, close.composition.time_signature)[close.half]
    notes = []
    for step in steps:
        semitones = int(step.symbol, 16)
        pitch = home + (3 if minor and semitones == 4 else semitones)
        pitch += 12 if pitch < plan.low else -12 if pitch > plan.high else 0
        notes.append(Note(close.start + step.start, pitch, step.duration, min(force, 120), why=close.why))
    last = notes[-1]
    return [*notes[:-1], replace(last, pitch=_nearest(tonic, last.pitch, plan), duration=max(last.duration, _SHORT))]


def _nearest(pitch_class: int, to: int, plan: PartPlan) -> int:
    reachable = [pitch for pitch in range(plan.low, plan.high + 1) if pitch % 12 == pitch_class]
    return min(reachable, key=lambda pitch: (abs(pitch - to), pitch), default=to)
