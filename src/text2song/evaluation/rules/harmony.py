"""Rules 16–18: chords of the key, cadences, voice leading, the bass under them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from text2song.domain.composition import ChordSpan
from text2song.domain.score import Role
from text2song.domain.theory import MODES
from text2song.evaluation.rules.numerals import degree_semitones
from text2song.evaluation.rules.songview import GOALS, Line, SongView

_ENOUGH = 4
_EIGHTH = 0.5
#: Degrees that lead on at a section's end: V, IV, bVII, ii, bII, v as roots above the tonic, and rest on I.
_CLOSING = frozenset({0, 7, 5, 10, 2, 1, 11, 8})
#: Where choruses set out from: I, vi, IV; in minor also bVI and bIII, which are IV and I of the relative major.
_SETTING_OUT = frozenset({0, 9, 5, 8, 3})
#: Scale degrees that a minor key borrows in every style: the raised seventh of its dominant and the raised sixth.
_MINOR_RAISED = frozenset({9, 11})
#: The modes whose third is major on the tonic's chord and minor elsewhere: the Andalusian cadence iv–bIII–bII–I.
_SPANISH, _MINOR_THIRD = frozenset({"phrygian dominant", "double harmonic"}), frozenset({3})
Voicing = tuple[int, ...]


def diatonic(view: SongView) -> float | None:
    """Rule 16: share of chord time whose triads hold only notes of the section's key (or its leading note)."""
    mode = view.composition.context.key.mode
    scale = set(MODES[mode])
    if view.composition.context.key.is_minor:
        scale |= _MINOR_RAISED
    if mode in _SPANISH:
        scale |= _MINOR_THIRD
    tonics = dict(zip((section.name for section in view.sections), view.tonics, strict=True))
    inside = total = 0.0
    for span in view.chords:
        tonic = tonics.get(span.section, 0)
        length = float(span.duration)
        total += length
        triad = span.chord.pitch_classes[:3]
        inside += length * all((pitch - tonic) % 12 in scale for pitch in triad)
    return inside / total if total else None


def pace(view: SongView) -> float | None:
    """Rule 16: chord changes per bar."""
    changes = sum(one.chord != other.chord for one, other in pairwise(view.chords))
    return (changes + 1) / view.composition.bars if len(view.chords) >= _ENOUGH and view.composition.bars else None


def cadences(view: SongView) -> float | None:
    """Rule 16: share of section ends on a chord that rests or leads on: I, V, IV, bVII, ii, bVI, bII, vii."""
    ends = [span for span, after in pairwise(view.chords) if span.section != after.section]
    degrees = [degree_semitones(span.roman) for span in [*ends, *view.chords[-1:]]]
    return sum(degree in _CLOSING for degree in degrees) / len(degrees) if len(degrees) >= 3 else None


def close(view: SongView) -> float | None:
    """Rule 16: whether the song ends on its tonic chord (1) or not (0)."""
    return float(degree_semitones(view.chords[-1].roman) == 0) if len(view.chords) >= _ENOUGH else None


def chorus_starts(view: SongView) -> float | None:
    """Rule 16: share of choruses that set out from I, vi or IV."""
    starts = []
    for section in view.sections:
        span = view.chord_at(view.span(section)[0])
        if section.kind in GOALS and span is not None:
            starts.append(degree_semitones(span.roman) in _SETTING_OUT)
    return sum(starts) / len(starts) if starts else None


def movement(view: SongView) -> float | None:
    """Rule 17: mean semitones a voice of the chord parts moves when the chord changes."""
    moves = [_mean_move(one, other) for one, other in _changes(view)]
    return float(np.mean(moves)) if len(moves) >= _ENOUGH else None


def held(view: SongView) -> float | None:
    """Rule 17: share of chord changes with a tone in common that keep it in its voice."""
    kept = possible = 0
    for one, other in _changes(view):
        if {pitch % 12 for pitch in one} & {pitch % 12 for pitch in other}:
            possible += 1
            kept += bool(set(one) & set(other))
    return kept / possible if possible >= _ENOUGH else None


def parallels(view: SongView) -> float | None:
    """Rule 17: share of chord changes in strings and choirs whose outer voices move in parallel fifths."""
    changes = [
        pair
        for line in _chordal(view)
        if line.family in ("strings", "voice")
        for pair in pairwise(_voicings(view, line))
    ]
    moved = [(one, other) for one, other in changes if one != other]
    if len(moved) < _ENOUGH:
        return None
    return sum(_parallel(one, other) for one, other in moved) / len(moved)


def _parallel(one: Voicing, other: Voicing) -> bool:
    low, high = other[0] - one[0], other[-1] - one[-1]
    same_way = low != 0 and low * high > 0
    return same_way and (one[-1] - one[0]) % 12 == 7 and (other[-1] - other[0]) % 12 == 7


def _chordal(view: SongView) -> tuple[Line, ...]:
    return tuple(line for line in view.of_role(Role.CHORDS, Role.PAD) if not line.percussion)


def _changes(view: SongView) -> list[tuple[Voicing, Voicing]]:
    """Neighbouring voicings that differ, of every part that plays chords."""
    pairs = (pair for line in _chordal(view) for pair in pairwise(_voicings(view, line)))
    return [(one, other) for one, other in pairs if one != other]


def _voicings(view: SongView, line: Line) -> list[Voicing]:
    """What a part sounds when it first strikes under each chord, tones it holds over among them, low to high."""
    found: list[Voicing] = []
    for span, start in zip(view.chords, view.chord_starts, strict=True):
        inside = line.between(start, start + float(span.duration))
        if inside.stop == inside.start:
            continue
        first = line.start[inside.start]
        until = slice(0, inside.stop)
        sounding = (line.start[until] - first < 0.13) & (line.end[until] > first + 0.13)
        together = line.pitch[until][sounding | (np.abs(line.start[until] - first) < 0.13)]
        if together.size >= 2:
            found.append(tuple(sorted({int(pitch) for pitch in together})))
    return found


def _mean_move(one: Voicing, other: Voicing) -> float:
    """Mean distance of each note to the nearest of the other chord, both ways."""
    return (_nearest(one, other) + _nearest(other, one)) / 2


def _nearest(one: Voicing, other: Voicing) -> float:
    return sum(min(abs(pitch - place) for place in other) for pitch in one) / len(one)


def bass_roots(view: SongView) -> float | None:
    """Rule 18: share of bars with a bass note on the first beat in which it is the chord's bass."""
    hits = []
    for line in view.of_role(Role.BASS):
        bars: dict[int, int] = {}
        for start, pitch in zip(line.start, line.pitch, strict=True):
            if abs(start / view.bar - round(start / view.bar)) < 1e-6:
                # A bass in octaves or fifths stands on its lowest note.
                bar = round(start / view.bar)
                bars[bar] = min(int(pitch), bars.get(bar, 127))
        for bar, pitch in bars.items():
            span = view.chord_at(bar * view.bar)
            if span is not None:
                hits.append(pitch % 12 == span.chord.bass_pitch_class)
    return sum(hits) / len(hits) if len(hits) >= 8 else None


def approaches(view: SongView) -> float | None:
    """Rule 18: share of chord changes that the bass leads into: a note in the last eighth, a step from the new root."""
    led = total = 0
    for line in view.of_role(Role.BASS):
        for before, span in _root_changes(view.chords):
            start = float(span.start)
            tail = line.between(start - _EIGHTH, start)
            landing = line.between(start, start + 0.26)
            if landing.stop == landing.start:
                continue
            total += 1
            if tail.stop > tail.start:
                last = int(line.pitch[tail.stop - 1])
                distance = abs(int(line.pitch[landing.start]) - last)
                led += distance in (1, 2) and last % 12 != before.chord.bass_pitch_class
    return led / total if total >= 8 else None


def _root_changes(chords: Sequence[ChordSpan]) -> list[tuple[ChordSpan, ChordSpan]]:
    return [
        (one, other) for one, other in pairwise(chords) if one.chord.bass_pitch_class != other.chord.bass_pitch_class
    ]
