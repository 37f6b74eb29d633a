"""One sung line with everything about it known."""

from __future__ import annotations

from dataclasses import replace

from tests.evaluation.sounds import composition

from text2song.audio.voice.contour import SungPitch
from text2song.audio.voice.line import SungLine, SungSyllable
from text2song.domain.composition import UnifiedComposition
from text2song.domain.lyrics import LyricLine, Lyrics, Syllable
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

WORDS = (("Dri", False), ("ving", True), ("through", True), ("the", True), ("ne", False), ("on", True), ("night", True))
SOUNDS = ("D R AY1", "V IH0 NG", "TH R UW1", "DH AH0", "N IY1", "AA0 N", "N AY1 T")
PITCHES = (64, 67, 69, 67, 71, 69, 64)


def sung_line(*, transpose: int = 0, voice: str = "", known: bool = True) -> UnifiedComposition:
    """Bar 2 of a song at 120 BPM: six eighths and a half note; `known` says how the words are pronounced."""
    start, syllables, notes = Fraction(4), [], []
    for index, ((text, ends), pitch) in enumerate(zip(WORDS, PITCHES, strict=True)):
        length = Fraction(2) if index == 6 else Fraction(1, 2)
        phonemes = tuple(SOUNDS[index].split()) if known else ()
        syllables.append(Syllable(text, index in (0, 4, 6), ends, start, length, phonemes))
        notes.append(Note(start, pitch + transpose, length, 90))
        start += length
    line = LyricLine("Driving through the neon night", "verse.1", tuple(syllables))
    part = Part("vocal", Role.VOCAL, "voice_lead", tuple(notes))
    return replace(composition(voice=voice), lyrics=Lyrics((line,)), parts=(part,))


def line_of(sounds: str, pitches: tuple[int, ...], *, seconds: float = 0.4, start: float = 0.75) -> SungLine:
    """A line in seconds: syllables divided by commas, all of one length."""
    syllables, sung = [], []
    for index, (syllable, pitch) in enumerate(zip(sounds.split(","), pitches, strict=True)):
        begin = start + index * seconds
        syllables.append(SungSyllable(tuple(syllable.split()), begin, begin + seconds))
        sung.append(SungPitch(begin, begin + seconds, pitch))
    return SungLine("", tuple(syllables), tuple(sung), start + len(syllables) * seconds + 0.4, seed=3)
