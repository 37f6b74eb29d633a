"""One line as it is to be sung: syllables and pitches in seconds, apart from any voice."""

from __future__ import annotations

from dataclasses import dataclass

from text2song.audio.voice.contour import SungPitch


@dataclass(frozen=True, slots=True)
class SungSyllable:
    """One syllable: when its vowel begins and the note ends (seconds from the line's origin)."""

    #: ARPAbet with stress digits; empty where only the spelling is known.
    phonemes: tuple[str, ...]
    start: float
    end: float
    #: 0..1, how strongly it is sung.
    strength: float = 0.7
    ends_word: bool = True


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line, from a little before its first consonant to a little after its last."""

    text: str
    syllables: tuple[SungSyllable, ...]
    #: In order; a melisma has more pitches than syllables.
    pitches: tuple[SungPitch, ...]
    #: Length in seconds of everything that is rendered.
    seconds: float
    #: Fixes the noise and the drift of this line; equal seeds give equal samples.
    seed: int = 0
