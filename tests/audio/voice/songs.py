"""One sung line with everything about it known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tests.evaluation.sounds import composition

from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.score import Note, Part, Role

WORDS = (("Dri", False), ("ving", True), ("through", True), ("the", True), ("ne", False), ("on", True), ("night", True))
PITCHES = (64, 67, 69, 67, 71, 69, 64)


def sung_line(*, transpose: int = 0, voice: str = "") -> UnifiedComposition:
    """Bar 2 of a song at 120 BPM: six eighths and a half note."""
    start, syllables, notes = Fraction(4), [], []
    for index, ((text, ends), pitch) in enumerate(zip(WORDS, PITCHES, strict=True)):
        length = Fraction(2) if index == 6 else Fraction(1, 2)
        syllables.append(Syllable(text, index in (0, 4, 6), ends, start, length))
        notes.append(Note(start, pitch + transpose, length, 90))
        start += length
    line = LyricLine("Driving through the neon night", "verse.1", tuple(syllables))
    part = Part("vocal", Role.VOCAL, "voice_lead", tuple(notes))
    return replace(composition(voice=voice), lyrics=Lyrics((line,)), parts=(part,))
