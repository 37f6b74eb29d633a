"""Where a bass puts its roots, how it approaches the next one, and how it walks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from text2song.compose.decisions import Decisions
from text2song.compose.elements.changes import Changes
from text2song.compose.metre import beats
from text2song.domain.composition import ChordSpan
from text2song.domain.rational import Fraction
from text2song.domain.score import Note
from text2song.domain.theory import MODES, Key, TimeSignature


@dataclass(frozen=True, slots=True)
class Register:
    """The pitches a part keeps to, both ends included."""

    low: int
    high: int

    def holds(self, pitch: int) -> bool:
        """Return whether the pitch can be played."""
        return self.low <= pitch <= self.high


def place(pitch_class: int, register: Register, above: int | None = None) -> int:
    """Return the lowest pitch of a class in the register, or the nearest one above `above` where it fits.

    >>> place(9, Register(28, 50))
    33
    """
    floor = register.low if above is None else above
    pitch = floor + (pitch_class - floor) % 12
    return pitch if pitch <= register.high or above is None else pitch - 12


def approach(target: int, key: Key, register: Register, *, chromatic: bool = False) -> int:
    """Return the note that leads to `target`: the scale's neighbour below it, or above; a semitone where `chromatic`.

    >>> approach(36, Key(0), Register(28, 50))
    35
    """
    scale = {(key.tonic + step) % 12 for step in MODES[key.mode]}
    ways = (-1, 1) if chromatic else (-1, -2, 2, 1)
    for way in ways:
        pitch = target + way
        if register.holds(pitch) and (chromatic or pitch % 12 in scale):
            return pitch
    return target + 1


def walked(
    changes: Changes, start: Fraction, metre: TimeSignature, register: Register, decisions: Decisions, why: str
) -> list[Note]:
    """Return one bar of walking bass: the root where a chord begins, chord tones, a semitone into the next."""
    notes = []
    steps = (*beats(metre), metre.bar)
    previous: int | None = None
    for beat, (offset, end) in enumerate(pairwise(steps)):
        at, length = start + offset, end - offset
        span = changes.at(at)
        following = changes.at(at + length)
        if span.start == at or beat == 0:
            pitch = place(span.chord.bass_pitch_class, register)
        elif following is not span:
            pitch = _lead_in(previous, following, register)
        else:
            pitch = _between(previous or register.low, span, register, decisions.jitter(f"{why}/walk/{at}"))
        notes.append(Note(at, pitch, length * 19 / 20, 96 if beat % 2 == 0 else 90, why=why))
        previous = pitch
    return notes


def _lead_in(previous: int | None, following: ChordSpan, register: Register) -> int:
    """Come from the side the line is on."""
    target = place(following.chord.bass_pitch_class, register)
    side = 1 if previous is not None and previous > target else -1
    return target + side if register.holds(target + side) else target - side


def _between(previous: int, span: ChordSpan, register: Register, whim: float) -> int:
    """Return a chord tone a small way from the last note, towards the fifth and octave more often than back."""
    classes = set(span.chord.pitch_classes)
    reachable = [
        pitch
        for pitch in range(max(register.low, previous - 7), min(register.high, previous + 8) + 1)
        if pitch % 12 in classes and pitch != previous
    ]
    upwards = whim > -0.15 and previous < register.low + 14

    def effort(pitch: int) -> tuple[int, int]:
        turned = (pitch > previous) != upwards
        return (abs(pitch - previous) + (6 if turned else 0), pitch)

    return min(reachable, key=effort, default=previous)
