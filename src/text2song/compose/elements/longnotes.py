"""Long notes: pads that hold their common tones, counter lines of guide tones, and risers into an arrival."""

from __future__ import annotations

from types import MappingProxyType

from text2song.compose.decisions import Decisions
from text2song.compose.elements.figures import Hand
from text2song.domain.composition import ChordSpan, PartPlan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note
from text2song.domain.theory import MODES

#: A held note is struck again after this many bars, so that decaying sounds stay and nothing stands still.
HOLD_BARS = 4
#: A riser takes at most this many bars.
RISER_BARS = 4
_TONE_WEIGHTS = MappingProxyType({1: 3.0, 3: 2.5, 2: 1.5, 4: 1.5, 0: 1.0})


def sustained(hand: Hand, section: Section, first_bar: int) -> list[Note]:
    """Return a section of held chords: a tone common to neighbouring chords is one long note."""
    metre = hand.composition.time_signature
    start, end = _stretch(hand.composition, section, first_bar)
    longest = HOLD_BARS * metre.bar
    why = f"{section.name}/{hand.plan.name}/{hand.idiom.name}"
    open_notes: dict[int, tuple[Fraction, Fraction]] = {}
    notes: list[Note] = []
    for span in hand.changes.between(start, end):
        begin, finish = max(span.start, start), min(span.end, end)
        pitches = hand.take(span.chord)
        kept: dict[int, tuple[Fraction, Fraction]] = {}
        for pitch, (since, until) in open_notes.items():
            if pitch in pitches and finish - since <= longest:
                kept[pitch] = (since, finish)
            else:
                notes.append(Note(since, pitch, until - since, round(84 * hand.force(since)), why=why))
        open_notes = kept | {pitch: (begin, finish) for pitch in pitches if pitch not in kept}
    notes.extend(
        Note(since, pitch, until - since, round(84 * hand.force(since)), why=why)
        for pitch, (since, until) in open_notes.items()
    )
    return notes


def counter_line(hand: Hand, section: Section, first_bar: int, decisions: Decisions) -> list[Note]:
    """Return a slow line through the telling tones of the chords, a second voice to the tune.

    In lively sections each long note walks on by a step of the scale in its last beat.
    """
    start, end = _stretch(hand.composition, section, first_bar)
    spans = hand.changes.between(start, end)
    why = f"{section.name}/{hand.plan.name}/{hand.idiom.name}"
    notes: list[Note] = []
    previous = (hand.plan.low + hand.plan.high) // 2
    for index, span in enumerate(spans):
        begin, finish = max(span.start, start), min(span.end, end)
        previous = _guide_tone(hand, span, previous, decisions.jitter(f"{why}/tone/{begin}"))
        following = spans[index + 1] if index + 1 < len(spans) else None
        velocity = round(90 * hand.force(begin))
        notes.extend(_turned(hand, Note(begin, previous, finish - begin, velocity, why=why), following))
    return _tied(notes, HOLD_BARS * hand.composition.time_signature.bar / 2)


def riser(composition: UnifiedComposition, plan: PartPlan) -> list[Note]:
    """Return one long note into the end of every section the plan names."""
    notes = []
    for section in composition.sections:
        if section.name in plan.sections:
            bars = min(RISER_BARS, max(1, section.bars // 2))
            length = bars * composition.time_signature.bar
            end = composition.section_start(section) + section.bars * composition.time_signature.bar
            pitch = 60 + composition.key_at(end).tonic
            notes.append(Note(end - length, pitch, length, 92, why=f"{section.name}/{plan.name}/riser"))
    return notes


def _stretch(composition: UnifiedComposition, section: Section, first_bar: int) -> tuple[Fraction, Fraction]:
    bar = composition.time_signature.bar
    return (section.start_bar + first_bar) * bar, section.end_bar * bar


def _guide_tone(hand: Hand, span: ChordSpan, previous: int, whim: float) -> int:
    """Return the chord tone that is near and tells most about the chord: third and seventh before fifth and root."""
    options = []
    for index, pitch_class in enumerate(span.chord.pitch_classes):
        for pitch in range(hand.plan.low, hand.plan.high + 1):
            if pitch % 12 == pitch_class:
                distance = abs(pitch - previous)
                standing = 0.5 if distance == 0 else 0.0
                options.append((distance + standing - _TONE_WEIGHTS.get(index, 1.0) * (1 + whim), pitch))
    return min(options)[1] if options else previous


def _turned(hand: Hand, note: Note, following: ChordSpan | None) -> list[Note]:
    """Let a long note of a lively section step on in its last beat."""
    beat = hand.composition.time_signature.pulse
    if following is None or not hand.lively(note.start) or note.duration < 3 * beat:
        return [note]
    key = hand.composition.key_at(note.start)
    scale = {(key.tonic + step) % 12 for step in MODES[key.mode]}
    upwards = (note.pitch + int(note.start)) % 2 == 0
    ways = (1, 2, -1, -2) if upwards else (-1, -2, 1, 2)
    step = next((note.pitch + way for way in ways if (note.pitch + way) % 12 in scale), note.pitch)
    if not hand.plan.low <= step <= hand.plan.high:
        return [note]
    main = Note(note.start, note.pitch, note.duration - beat, note.velocity, why=note.why)
    return [main, Note(note.start + main.duration, step, beat, note.velocity - 8, why=note.why)]


def _tied(notes: list[Note], longest: Fraction) -> list[Note]:
    """Join neighbours of one pitch."""
    found: list[Note] = []
    for note in notes:
        last = found[-1] if found else None
        if last and last.pitch == note.pitch and last.duration + note.duration <= longest:
            found[-1] = Note(last.start, last.pitch, last.duration + note.duration, last.velocity, why=last.why)
        else:
            found.append(note)
    return found
