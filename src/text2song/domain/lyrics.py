"""Words to be sung, down to the syllable and the note it falls on."""

from __future__ import annotations

from dataclasses import dataclass

from text2song.domain.rational import Fraction


@dataclass(frozen=True, slots=True)
class Syllable:
    """One sung syllable and where it sounds; a melisma is one syllable whose duration spans several notes."""

    text: str
    stressed: bool
    #: Whether a word ends here (a hyphen is written otherwise).
    ends_word: bool
    #: Quarter notes from the start of the song.
    start: Fraction
    #: Quarter notes.
    duration: Fraction
    #: ARPAbet sounds, the vowel with a stress digit 0, 1 or 2: ("N", "AY1", "T"); empty where they are not known.
    phonemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LyricLine:
    """One line as written, with its syllables in order once it is set to music (empty before)."""

    text: str
    #: The section it is sung in: "verse.1".
    section: str
    syllables: tuple[Syllable, ...] = ()


@dataclass(frozen=True, slots=True)
class Lyrics:
    """All lines of a song in the order they are sung."""

    lines: tuple[LyricLine, ...] = ()
    #: BCP 47 tag.
    language: str = "en"
    #: "user" when the words were given, else the name of the writer that made them.
    source: str = "user"
    #: What was not sung, or sung otherwise than written, and why: one sentence each.
    notes: tuple[str, ...] = ()
