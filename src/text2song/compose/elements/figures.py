"""Figures: patterns of steps played on the chord of the moment — blocks, strums, picking, arpeggios, power chords."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

from text2song.compose.elements.changes import Changes
from text2song.compose.elements.mood import mood_of
from text2song.compose.elements.patterns import Idiom
from text2song.compose.elements.steps import Step, bars_of
from text2song.compose.elements.voiceleading import voiced
from text2song.compose.metre import BEAT, DIVISION, level
from text2song.domain.composition import ChordSpan, PartPlan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role
from text2song.domain.theory import Chord

#: Microseconds between the strings of a strum, and the most one strum takes.
STRING_US = 8_000
STRUM_US_MOST = 32_000
#: From this energy on, a section gets the lively form of the idiom.
LIVELY_FROM = 0.62
#: Below this energy figures thin out, unless that would leave fewer than so many strokes.
_SPARSE_BELOW, _FEWEST = 0.3, 2
_LEVELS = MappingProxyType({"X": 104, "x": 92, "o": 74, "g": 52, "D": 94, "U": 80, "d": 76, "u": 66, "m": 78})
_ROLE_LEVEL = MappingProxyType({Role.PAD: 0.8, Role.ARPEGGIO: 0.92, Role.COUNTER: 0.9})


@cache
def _simple(share: float) -> Fraction:
    return Fraction(share).limit_denominator(32)


@dataclass(slots=True)
class Hand:
    """A player's hand: the part it plays and the voicing it holds; the one thing here that remembers."""

    composition: UnifiedComposition
    plan: PartPlan
    idiom: Idiom
    changes: Changes
    shape: tuple[int, ...] = ()
    chord: Chord | None = field(default=None)

    def take(self, chord: Chord) -> tuple[int, ...]:
        """Move to a chord by the shortest way and return the pitches, low to high."""
        if chord != self.chord:
            self.shape = self._power(chord) if self.idiom.technique == "power" else self._voiced(chord)
            self.chord = chord
        return self.shape

    @property
    def gate(self) -> Fraction:
        """Share of each step that sounds: the idiom's, longer or shorter by the mood."""
        return _simple(self.idiom.gate) * mood_of(self.composition.context).gate

    def force(self, position: Fraction) -> float:
        """Return the factor on velocities at a position in quarter notes."""
        return (0.68 + 0.38 * self.composition.energy_at(position)) * _ROLE_LEVEL.get(self.plan.role, 1.0)

    def lively(self, position: Fraction) -> bool:
        """Return whether the bar at a position gets the lively form of the idiom."""
        return self.composition.energy_at(position) >= LIVELY_FROM

    def _voiced(self, chord: Chord) -> tuple[int, ...]:
        count = self.idiom.voices
        wide = self.plan.role is Role.PAD and count >= 4
        return voiced(chord, count, self.plan.low, self.plan.high, self.shape, wide=wide)

    def _power(self, chord: Chord) -> tuple[int, ...]:
        root = self.plan.low + (chord.root - self.plan.low) % 12
        fifth = 6 if chord.quality in ("dim", "m7b5", "dim7") else 7
        return (root, root + fifth, root + 12)


def figure(hand: Hand, section: Section, bar: int, *, held: bool = False) -> list[Note]:
    """Return one bar of the idiom's figure; a held bar is one long chord."""
    metre = hand.composition.time_signature
    start = (section.start_bar + bar) * metre.bar
    why = f"{section.name}/{hand.plan.name}/{hand.idiom.name}"
    notes: list[Note] = []
    if held:
        steps: tuple[Step, ...] = (Step(Fraction(0), metre.bar, "D" if hand.idiom.technique == "strum" else "x"),)
    else:
        pattern = hand.idiom.lively if hand.lively(start) else hand.idiom.steps
        whole = bars_of(pattern, metre, keeps_time=True, bars=hand.idiom.bars)
        steps = _thinned(whole[bar % len(whole)], hand, start)
    for step in steps:
        for piece, span in _pieces(hand, start, step):
            notes.extend(_struck(hand, piece, span.chord, why, held=held))
    return notes


def _thinned(steps: tuple[Step, ...], hand: Hand, start: Fraction) -> tuple[Step, ...]:
    """Return what a quiet bar keeps of a figure: what falls on beats, each for as long as it takes to the next.

    Running notes keep their eighths, and a figure that lives between the beats stays as it is.
    """
    if hand.composition.energy_at(start) >= _SPARSE_BELOW:
        return steps
    metre = hand.composition.time_signature
    weakest = DIVISION if any(step.symbol.isdigit() for step in steps) else BEAT
    kept = [step for step in steps if level(step.start, metre) >= weakest]
    if len(kept) < _FEWEST or len(kept) < len(steps) / 4:
        return steps
    ends = [step.start for step in kept[1:]] + [max(step.start + step.duration for step in steps)]
    return tuple(replace(step, duration=end - step.start) for step, end in zip(kept, ends, strict=True))


def _pieces(hand: Hand, start: Fraction, step: Step) -> list[tuple[Step, ChordSpan]]:
    """Cut a step where the chord changes under it."""
    at, end = start + step.start, start + step.start + step.duration
    spans = hand.changes.between(at, end)
    found = []
    for index, span in enumerate(spans):
        first = at if index == 0 else span.start
        last = spans[index + 1].start if index + 1 < len(spans) else end
        found.append((Step(first, last - first, step.symbol), span))
    return found


def _struck(hand: Hand, step: Step, chord: Chord, why: str, *, held: bool) -> list[Note]:
    pitches = hand.take(chord)
    gate = Fraction(1) if held else min(Fraction(1), hand.gate)
    length = max(step.duration * gate, Fraction(1, 16))
    symbol = step.symbol
    base = _LEVELS.get(symbol, 88) * hand.force(step.start)
    if symbol.isdigit():
        return [Note(step.start, _tone(pitches, int(symbol), hand.plan), length, _clamped(base), why=why)]
    if symbol in "DUdu":
        return _strum(step, pitches, length, base, why)
    if symbol == "m":
        # A palm-muted chug: root and fifth, short.
        muted = min(length, Fraction(3, 16))
        return [Note(step.start, pitch, muted, _clamped(base), why=why) for pitch in pitches[:2]]
    return [Note(step.start, pitch, length, _clamped(base), why=why) for pitch in pitches]


def _tone(pitches: tuple[int, ...], index: int, plan: PartPlan) -> int:
    """Return the chord tone of that number, counting on through the octave above where the register allows."""
    lowest = pitches[0]
    ladder = sorted({lowest + (pitch - lowest) % 12 for pitch in pitches})
    octave, place = divmod(index, len(ladder))
    pitch = ladder[place] + 12 * octave
    while pitch > plan.high and pitch - 12 >= plan.low:
        pitch -= 12
    return pitch


def _strum(step: Step, pitches: tuple[int, ...], length: Fraction, base: float, why: str) -> list[Note]:
    """Sweep the strings: down-strokes from the lowest, up-strokes from the highest and only the upper ones."""
    upwards = step.symbol in "Uu"
    strings = tuple(reversed(pitches[-3:])) if upwards else pitches
    gap = min(STRING_US, STRUM_US_MOST // len(strings))
    return [
        Note(step.start, pitch, length, _clamped(base - 2 * index), nudge_us=index * gap, why=why)
        for index, pitch in enumerate(strings)
    ]


def _clamped(velocity: float) -> int:
    return min(max(round(velocity), 12), 122)
