"""Measures the rules of form, melody and harmony on a composition; the tests say which figures are enough."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from text2song.compose.elements.line import chord_tones
from text2song.compose.elements.melody import strength
from text2song.compose.elements.tonality import fit
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part
from text2song.domain.theory import Chord

GOALS = (SectionKind.CHORUS, SectionKind.DROP)


@dataclass
class Tally:
    """Counts of one tune, summed over its sections."""

    strong: list[bool] = field(default_factory=list)
    weak: list[bool] = field(default_factory=list)
    resolved: list[bool] = field(default_factory=list)
    intervals: list[int] = field(default_factory=list)
    recovered: list[bool] = field(default_factory=list)
    arched: list[bool] = field(default_factory=list)
    answers_home: list[bool] = field(default_factory=list)
    breaths: list[float] = field(default_factory=list)
    phrases: list[float] = field(default_factory=list)
    shared_rhythm: list[float] = field(default_factory=list)
    shared_cells: list[float] = field(default_factory=list)

    @staticmethod
    def share(flags: Sequence[bool]) -> float:
        """Return the share of True, 1 for none at all."""
        return sum(flags) / len(flags) if flags else 1.0


def chord_at(song: UnifiedComposition, position: Fraction) -> Chord:
    """Return the chord that sounds at a position in quarter notes."""
    starts = [span.start for span in song.harmony]
    return song.harmony[bisect_right(starts, position) - 1].chord


def section_notes(song: UnifiedComposition, part: Part, section: Section) -> tuple[Note, ...]:
    """Return the notes that begin in a section."""
    start = song.section_start(section)
    end = start + section.bars * song.time_signature.bar
    return tuple(note for note in part.notes if start <= note.start < end)


def measure(song: UnifiedComposition, part: Part) -> Tally:
    """Return the counts of a tune over all its sections."""
    tally = Tally()
    for section in song.sections:
        notes = section_notes(song, part, section)
        if notes:
            _measure_pitches(song, notes, tally)
            _measure_phrases(song, section, notes, tally)
            _measure_repetition(song, section, notes, tally)
    return tally


def _measure_pitches(song: UnifiedComposition, notes: Sequence[Note], tally: Tally) -> None:
    for index, note in enumerate(notes):
        fits = note.pitch % 12 in chord_tones(chord_at(song, note.start))
        accent = strength(note.start % song.time_signature.bar, song.time_signature)
        (tally.strong if accent >= 2 else tally.weak).append(fits)
        if not fits and index + 1 < len(notes):
            tally.resolved.append(abs(notes[index + 1].pitch - note.pitch) <= 2)
    moves = [second.pitch - first.pitch for first, second in pairwise(notes)]
    tally.intervals.extend(moves)
    for move, after in pairwise(moves):
        if abs(move) >= 5:
            tally.recovered.append(after * move <= 0 and abs(after) <= 4)


def phrases_of(song: UnifiedComposition, notes: Sequence[Note]) -> list[list[Note]]:
    """Return the stretches of notes between rests of at least 0.35 seconds."""
    quarter = song.tempo.seconds(Fraction(1))
    phrases: list[list[Note]] = [[notes[0]]]
    for before, note in pairwise(notes):
        rest = float(note.start - before.start - before.duration) * quarter
        if rest >= 0.35:
            phrases.append([])
        phrases[-1].append(note)
    return phrases


def _measure_phrases(song: UnifiedComposition, section: Section, notes: Sequence[Note], tally: Tally) -> None:
    quarter = song.tempo.seconds(Fraction(1))
    for phrase in phrases_of(song, notes):
        # The last note of the song may ring.
        end = (
            phrase[-1].start
            if phrase[-1].start + phrase[-1].duration == song.length
            else phrase[-1].start + phrase[-1].duration
        )
        length = end - phrase[0].start
        tally.phrases.append(float(length) * quarter)
    four = 4 * song.time_signature.bar
    start = song.section_start(section)
    for number in range(section.bars // 4):
        stretch = [note for note in notes if start + number * four <= note.start < start + (number + 1) * four]
        added = ("/pickup", "/grace")
        inside = [note for note in stretch if not note.why.endswith(added)]
        # What leads into the next phrase: the pickup, and a grace before its first note.
        led = [note.start for note in stretch if note.why.endswith(added) and inside and note.start > inside[-1].start]
        if len(inside) < 4:
            continue
        top = max(note.pitch for note in inside)
        places = [float((note.start - start - number * four) / four) for note in inside if note.pitch == top]
        tally.arched.append(any(0.2 <= place <= 0.85 for place in places))
        if number % 2 == 1:
            tonic = song.context.key.tonic
            third = 3 if song.context.key.is_minor else 4
            tally.answers_home.append((inside[-1].pitch - tonic) % 12 in (0, third, 7))
        end = min([start + (number + 1) * four, *led])
        if end == song.length:
            continue
        tally.breaths.append(float(end - inside[-1].start - inside[-1].duration) * quarter)


def _measure_repetition(song: UnifiedComposition, section: Section, notes: Sequence[Note], tally: Tally) -> None:
    bar = song.time_signature.bar
    start = song.section_start(section)
    rhythms: list[tuple[Fraction, ...]] = []
    for number in range(section.bars):
        inside = tuple(
            note.start - start - number * bar for note in notes if 0 <= note.start - start - number * bar < bar
        )
        if inside:
            rhythms.append(inside)
    if len(rhythms) < 4:
        return
    counts = Counter(rhythms)
    tally.shared_rhythm.append(sum(counts[rhythm] > 1 for rhythm in rhythms) / len(rhythms))
    moves = [second.pitch - first.pitch for first, second in pairwise(notes)]
    cells = [tuple(moves[index : index + 3]) for index in range(len(moves) - 2)]
    seen = Counter(cells)
    tally.shared_cells.append(sum(seen[cell] > 1 for cell in cells) / max(1, len(cells)))


def mean_pitch(song: UnifiedComposition, part: Part, kinds: Sequence[SectionKind]) -> float | None:
    """Return the mean pitch, weighted by duration, over all sections of some kinds."""
    notes = [note for section in song.sections if section.kind in kinds for note in section_notes(song, part, section)]
    total = sum(note.duration for note in notes)
    return float(sum(note.pitch * note.duration for note in notes) / total) if total else None


def heard_key(song: UnifiedComposition) -> tuple[int, bool]:
    """Return the tonic and whether it is minor that correlate best with the sounding pitch classes.

    Chord roots count twice as the bass plays them.
    """
    weights = [0.0] * 12
    for span in song.harmony:
        for pitch_class in span.chord.pitch_classes[:3]:
            weights[pitch_class] += float(span.duration)
        weights[span.chord.bass_pitch_class] += float(span.duration)
    for part in song.parts:
        for note in part.notes:
            weights[note.pitch % 12] += 1.5 * float(note.duration)
    scores = {(tonic, minor): fit(weights, tonic, minor=minor) for tonic in range(12) for minor in (False, True)}
    return max(scores, key=lambda key: scores[key])
