"""A tune for words: the notes on which syllables are sung, with the pitches of the melody that was written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from text2song.compose.elements.line import chord_tones
from text2song.compose.metre import STRONG, level
from text2song.domain.composition import ChordSpan, Section, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

#: A syllable in a rest takes the note that follows within this many quarter notes, else the one before.
_NEAR = Fraction(1)
#: Semitones a pitch may move to agree with its chord.
_NUDGE = 2
#: Where the last third of a section begins, and the widest leap to a climax in semitones.
_LATE, _REACH = Fraction(2, 3), 7
#: A note that comes more often than this in a section is no climax.
_RARE = 3


def sung_notes(
    places: Sequence[tuple[Fraction, Fraction]], tune: Sequence[Note], song: UnifiedComposition, end: Fraction
) -> list[Note]:
    """Return one note for each (start, duration), in quarter notes, on the pitch the tune has there.

    `tune` is the melody of the section, never empty; the last syllable takes the note on which the melody rests before
    `end`. A note that is moved onto a strong place of another chord moves to the nearest chord tone, and so does one
    foreign to its chord that has lost the note it went on to by step.
    """
    starts = [note.start for note in tune]
    onsets = frozenset(starts)
    heard = [_heard(tune, starts, start) for start, _ in places]
    if places:
        # The last syllable rests where the phrase does, and never takes what leads into the next one.
        resting = [index for index, start in enumerate(starts) if places[-1][0] <= start < end]
        before = max(0, bisect_right(starts, places[-1][0]) - 1)
        heard[-1] = resting[-1] if resting else before
    found: list[Note] = []
    for number, (start, duration) in enumerate(places):
        pitch = tune[heard[number]].pitch
        after = tune[heard[number + 1]] if number + 1 < len(places) else None
        cut = after is not None and heard[number + 1] > heard[number] + 1 and abs(after.pitch - pitch) > _NUDGE
        strong = start not in onsets and level(start, song.time_signature) >= STRONG
        # A close stays what it is as long as its chord does.
        closed = after is None and song.harmony and chord_span(song, start) == chord_span(song, tune[heard[-1]].start)
        if song.harmony and (cut or strong) and not closed:
            pitch = _agreeing(pitch, chord_span(song, start))
        found.append(replace(tune[heard[number]], start=start, duration=duration, pitch=pitch))
    return found


def with_climax(
    notes: Sequence[Note], tune: Sequence[Note], song: UnifiedComposition, section: Section, limits: tuple[int, int]
) -> list[Note]:
    """Return the sung notes of a goal with its highest one in the last third, where the words passed over it.

    The syllable of the last third nearest to the peak of the `tune` is sung as high as the peak
    or as its chord and its neighbours let it, at least as high as the first of the `limits` and as the section's
    highest note, and no higher than the second.
    """
    found = list(notes)
    if not tune:
        return found
    late = song.section_start(section) + section.bars * song.time_signature.bar * _LATE
    peak = max(tune, key=lambda note: (note.pitch, note.start))
    least = max((limits[0], *(note.pitch for note in found)))
    highest = [note for note in found if note.pitch >= least]
    if not found or not song.harmony or (any(note.start >= late for note in highest) and len(highest) <= _RARE):
        return found
    top = min(max(peak.pitch, least + 2), limits[1])
    for index in sorted(range(len(found)), key=lambda index: (abs(found[index].start - peak.start), index)):
        note = found[index]
        if note.start < late:
            continue
        around = [other.pitch for other in (*found[max(0, index - 1) : index], *found[index + 1 : index + 2])]
        tones = chord_tones(chord_span(song, note.start).chord)
        for pitch in range(top, least - 1, -1):
            if pitch % 12 in tones and all(abs(other - pitch) <= _REACH for other in around):
                found[index] = replace(note, pitch=pitch)
                return found
    return found


def chord_span(song: UnifiedComposition, position: Fraction) -> ChordSpan:
    """Return the chord at a position of a song that has harmony, the first one before it begins."""
    return song.harmony[max(0, bisect_right(song.harmony, position, key=lambda span: span.start) - 1)]


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


def _heard(tune: Sequence[Note], starts: Sequence[Fraction], place: Fraction) -> int:
    """Return the index of the note of the tune that a syllable at `place` takes."""
    index = bisect_right(starts, place) - 1
    if index < 0:
        return 0
    ended = place >= tune[index].start + tune[index].duration
    follows = ended and index + 1 < len(tune) and tune[index + 1].start - place <= _NEAR
    return index + 1 if follows else index


def _agreeing(pitch: int, span: ChordSpan) -> int:
    tones = chord_tones(span.chord)
    near = sorted(range(-_NUDGE, _NUDGE + 1), key=lambda step: (abs(step), step))
    return next((pitch + step for step in near if (pitch + step) % 12 in tones), pitch)
