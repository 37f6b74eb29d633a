"""From notes in musical time to notes in seconds: the tempo map and the player's feel applied."""

from __future__ import annotations

from text2song.audio.instrument import PlayedNote
from text2song.domain.composition import UnifiedComposition
from text2song.domain.score import Note, Part, TempoMap

#: No key is held for less than this, however short the note is written.
_SHORTEST_SECONDS = 0.01


def performed_notes(part: Part, composition: UnifiedComposition) -> tuple[PlayedNote, ...]:
    """Return the notes of `part` in seconds from the start of the song, in order of their onset.

    A note's nudge moves its whole length; an onset before the song begins is moved to 0.
    """
    played = [_played(note, composition.tempo) for note in part.notes]
    return tuple(sorted(played, key=lambda note: (note.onset, note.pitch, note.variation)))


def variation_of(note: Note) -> int:
    """Return a number in 0..65535 that depends on a note's place and pitch alone, for round robin.

    Neighbouring notes get numbers far apart, so that a remainder of it is no pattern.
    """
    place = note.start.numerator * 7919 + note.start.denominator * 104_729 + note.pitch * 1_299_709
    mixed = (place * 0x9E3779B1) & 0xFFFF_FFFF
    return (mixed ^ (mixed >> 15)) >> 8 & 0xFFFF


def _played(note: Note, tempo: TempoMap) -> PlayedNote:
    start = tempo.seconds(note.start)
    onset = max(0.0, start + note.nudge_us / 1_000_000)
    duration = max(_SHORTEST_SECONDS, tempo.seconds(note.start + note.duration) - start)
    return PlayedNote(onset, duration, note.pitch, note.velocity, variation_of(note))
