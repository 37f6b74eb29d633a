"""A tune for words: the notes on which syllables are sung, with the pitches of the melody that was written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from text2song.compose.elements.line import chord_tones
from text2song.compose.metre import STRONG, level
from text2song.domain.composition import ChordSpan, UnifiedComposition
from text2song.domain.score import Note, Part, Role

#: A syllable in a rest takes the note that follows within this many quarter notes, else the one before.
_NEAR = Fraction(1)
#: Semitones a pitch may move to agree with its chord.
_NUDGE = 2


def sung_notes(
    places: Sequence[tuple[Fraction, Fraction]], tune: Sequence[Note], song: UnifiedComposition, end: Fraction
) -> list[Note]:
    """Return one note for each (start, duration), in quarter notes, on the pitch the tune has there.

    `tune` is the melody of the section, never empty; the last syllable takes the note on which the melody rests before
    `end`. A note that is moved onto a strong place of another chord moves to the nearest chord tone.
    """
    starts = [note.start for note in tune]
    onsets = frozenset(starts)
    spans = [span.start for span in song.harmony]
    found: list[Note] = []
    for index, (start, duration) in enumerate(places):
        note = _heard(tune, starts, start)
        if index == len(places) - 1:
            resting = [other for other in tune if start <= other.start < end]
            note = resting[-1] if resting else note
        pitch = note.pitch
        if start not in onsets and song.harmony and level(start, song.time_signature) >= STRONG:
            pitch = _agreeing(pitch, song.harmony[max(0, bisect_right(spans, start) - 1)])
        found.append(replace(note, start=start, duration=duration, pitch=pitch))
    return found


def without_overlap(part: Part, sung: Sequence[Note]) -> Part:
    """Return a lead part without its notes that sound while words are sung: it answers in the singer's rests."""
    if part.role is not Role.LEAD or not sung:
        return part
    starts = [note.start for note in sung]

    def clashes(note: Note) -> bool:
        index = bisect_right(starts, note.start)
        inside = index > 0 and note.start < sung[index - 1].start + sung[index - 1].duration
        return inside or (index < len(sung) and sung[index].start < note.start + note.duration / 2)

    return replace(part, notes=tuple(note for note in part.notes if not clashes(note)))


def _heard(tune: Sequence[Note], starts: Sequence[Fraction], place: Fraction) -> Note:
    index = bisect_right(starts, place) - 1
    if index < 0:
        return tune[0]
    note = tune[index]
    ended = place >= note.start + note.duration
    follows = ended and index + 1 < len(tune) and tune[index + 1].start - place <= _NEAR
    return tune[index + 1] if follows else note


def _agreeing(pitch: int, span: ChordSpan) -> int:
    tones = chord_tones(span.chord)
    near = sorted(range(-_NUDGE, _NUDGE + 1), key=lambda step: (abs(step), step))
    return next((pitch + step for step in near if (pitch + step) % 12 in tones), pitch)
