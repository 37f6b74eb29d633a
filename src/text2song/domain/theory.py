"""Pitch, scale, key, chord and metre, as musicians name them; nothing here knows a style or a sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from text2song.domain.errors import InvalidError
from text2song.domain.rational import Fraction

SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

#: Semitones above the tonic of each degree, by mode.
MODES = MappingProxyType(
    {
        "major": (0, 2, 4, 5, 7, 9, 11),
        "minor": (0, 2, 3, 5, 7, 8, 10),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "phrygian": (0, 1, 3, 5, 7, 8, 10),
        "lydian": (0, 2, 4, 6, 7, 9, 11),
        "mixolydian": (0, 2, 4, 5, 7, 9, 10),
        "locrian": (0, 1, 3, 5, 6, 8, 10),
        "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
        "melodic minor": (0, 2, 3, 5, 7, 9, 11),
        # The fifth mode of the harmonic minor: maqam Hijaz, Freygish, the Andalusian cadence's scale.
        "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
        # Raga Bhairav, maqam Hijaz Kar.
        "double harmonic": (0, 1, 4, 5, 7, 8, 11),
        "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
    }
)

#: Semitones above the root, by chord quality; the key is the suffix musicians write.
QUALITIES = MappingProxyType(
    {
        "": (0, 4, 7),
        "m": (0, 3, 7),
        "dim": (0, 3, 6),
        "aug": (0, 4, 8),
        "5": (0, 7),
        "sus2": (0, 2, 7),
        "sus4": (0, 5, 7),
        "6": (0, 4, 7, 9),
        "m6": (0, 3, 7, 9),
        "7": (0, 4, 7, 10),
        "maj7": (0, 4, 7, 11),
        "m7": (0, 3, 7, 10),
        "mmaj7": (0, 3, 7, 11),
        "m7b5": (0, 3, 6, 10),
        "dim7": (0, 3, 6, 9),
        "7sus4": (0, 5, 7, 10),
        "add9": (0, 4, 7, 14),
        "madd9": (0, 3, 7, 14),
        "9": (0, 4, 7, 10, 14),
        "maj9": (0, 4, 7, 11, 14),
        "m9": (0, 3, 7, 10, 14),
        "11": (0, 4, 7, 10, 14, 17),
        "m11": (0, 3, 7, 10, 14, 17),
        "13": (0, 4, 7, 10, 14, 21),
        "7b9": (0, 4, 7, 10, 13),
        "7#9": (0, 4, 7, 10, 15),
        "7#11": (0, 4, 7, 10, 18),
        "maj7#11": (0, 4, 7, 11, 18),
        "69": (0, 4, 7, 9, 14),
        "m69": (0, 3, 7, 9, 14),
        "9sus4": (0, 5, 7, 10, 14),
        "7b13": (0, 4, 7, 10, 20),
        "7#5": (0, 4, 8, 10),
        "maj13": (0, 4, 7, 11, 14, 21),
    }
)

_FLAT_MAJOR_TONICS = frozenset({5, 10, 3, 8, 1})
#: Case tells only "Am" from "AM", and "b" the sign from "B" the note.
_KEY = re.compile(
    r"^\s*([A-Ga-g])\s*(?:-\s*)?(#|♯|(?i:sharp)|b|♭|(?i:flat))?\s*[- ]?\s*"
    r"((?i:major|maj|minor|min)\.?|[mM]|(?i:dorian|phrygian|lydian|mixolydian|locrian|aeolian|ionian|natural minor"
    r"|harmonic minor|melodic minor|phrygian dominant|double harmonic|hungarian minor|hijaz|freygish|bhairav))?"
    r"(?:\s+(?i:key|mode|scale))?\s*$"
)
_METRES = ("4/4", "3/4", "6/8", "5/4", "7/8")
_MODE_ALIASES = MappingProxyType(
    {
        "maj": "major",
        "ionian": "major",
        "min": "minor",
        "m": "minor",
        "natural minor": "minor",
        "aeolian": "minor",
        "hijaz": "phrygian dominant",
        "freygish": "phrygian dominant",
        "bhairav": "double harmonic",
    }
)
#: Semitones from the tonic up to the tonic of the major key with the same signature; modes not named are that key.
_SIGNATURE = MappingProxyType(
    {
        **dict.fromkeys(("minor", "harmonic minor", "melodic minor", "hungarian minor"), 3),
        **dict.fromkeys(("phrygian", "phrygian dominant", "double harmonic"), 8),
        "dorian": 10,
        "lydian": 7,
        "mixolydian": 5,
        "locrian": 1,
    }
)


class UnknownKeyError(InvalidError):
    """The words do not name a key."""

    slug = "unknown-key"


class UnknownTimeSignatureError(InvalidError):
    """The words do not name a metre the composer can write in."""

    slug = "unknown-time-signature"


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic pitch class (0 = C) and a mode from `MODES`."""

    tonic: int
    mode: str = "major"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read a key as people write it: "A minor", "Am", "F# Dorian", "E-flat Major", "b♭ major", "C".

        Raises `UnknownKeyError`.
        """
        match = _KEY.match(text)
        if match is None:
            message = f"“{text}” is not a key; write a note and a mode, such as “A minor” or “F# dorian”"
            raise UnknownKeyError(message, field="key", choices=tuple(MODES))
        letter, accidental, written = match.groups()
        sharpened = {"": 0, "#": 1, "♯": 1, "sharp": 1}.get((accidental or "").lower(), -1)
        tonic = (SHARP_NAMES.index(letter.upper()) + sharpened) % 12
        mode = "major" if written in (None, "M") else written.lower().removesuffix(".")
        return cls(tonic, _MODE_ALIASES.get(mode, mode))

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes of the key, tonic first."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return MODES[self.mode][2] == 3

    @property
    def relative_major(self) -> int:
        """The tonic of the major key with the same signature (harmonic and melodic minor count as minor)."""
        return (self.tonic + _SIGNATURE.get(self.mode, 0)) % 12

    @property
    def flats(self) -> bool:
        """Whether the key signature is written with flats."""
        # Six sharps or six flats: F# major but Eb minor is the usual choice.
        return self.relative_major in _FLAT_MAJOR_TONICS or (self.relative_major == 6 and self.mode != "major")

    @property
    def name(self) -> str:
        """The field's usual spelling, such as "Bb minor".

        >>> Key.parse("a#m").name
        'Bb minor'
        """
        names = FLAT_NAMES if self.flats else SHARP_NAMES
        return f"{names[self.tonic]} {self.mode}"

    def pitch(self, degree: int, octave: int = 4) -> int:
        """Return the MIDI pitch of a scale degree (0 = tonic; any integer) counted from the tonic in `octave`.

        >>> Key.parse("A minor").pitch(2, 4)
        72
        """
        steps = MODES[self.mode]
        return 12 * (octave + 1) + self.tonic + 12 * (degree // 7) + steps[degree % 7]

    def transposed(self, semitones: int) -> Key:
        """Return the same mode on a tonic `semitones` higher."""
        return Key((self.tonic + semitones) % 12, self.mode)


@dataclass(frozen=True, slots=True)
class Chord:
    """A root pitch class, a quality from `QUALITIES`, and the bass pitch class where it is not the root."""

    root: int
    quality: str = ""
    bass: int | None = None

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes, root first, in the order the quality stacks them."""
        return tuple((self.root + interval) % 12 for interval in QUALITIES[self.quality])

    @property
    def bass_pitch_class(self) -> int:
        """The pitch class that the bass plays."""
        return self.root if self.bass is None else self.bass

    def symbol(self, *, flats: bool = False) -> str:
        """Write the chord as a lead sheet does.

        >>> Chord(9, "m7", bass=4).symbol()
        'Am7/E'
        """
        names = FLAT_NAMES if flats else SHARP_NAMES
        slash = "" if self.bass is None or self.bass == self.root else f"/{names[self.bass]}"
        return f"{names[self.root]}{self.quality}{slash}"

    def transposed(self, semitones: int) -> Chord:
        """Return the chord `semitones` higher."""
        bass = None if self.bass is None else (self.bass + semitones) % 12
        return Chord((self.root + semitones) % 12, self.quality, bass)


@dataclass(frozen=True, slots=True)
class TimeSignature:
    """A metre; musical time everywhere is counted in quarter notes as exact fractions."""

    numerator: int = 4
    denominator: int = 4
    #: Units that belong together, such as (3, 2, 2), where they are said; else the usual ones of the metre.
    groups: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> TimeSignature:
        """Read "3/4", "6/8", "7/8 (3+2+2)"; raises `UnknownTimeSignatureError`."""
        match = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*(?:\(?\s*(\d(?:\s*\+\s*\d)+)\s*\)?\s*)?", text)
        if match is None or int(match[2]) not in {2, 4, 8, 16} or not 2 <= int(match[1]) <= 15:
            message = f"“{text}” is not a metre; write 2–15 over 2, 4, 8 or 16, such as “4/4” or “7/8”"
            raise UnknownTimeSignatureError(
                message, field="time_signature", choices=("4/4", "3/4", "6/8", "5/4", "7/8", "7/8 (3+2+2)")
            )
        found = cls(int(match[1]), int(match[2]))
        return found.grouped(match[3]) if match[3] else found

    def grouped(self, text: str) -> TimeSignature:
        """Return the metre in groups such as "3+2+2"; raises `UnknownTimeSignatureError` where they are not the bar.

        >>> TimeSignature(7, 8).grouped("3+2+2").groups
        (3, 2, 2)
        """
        groups = tuple(int(group) for group in text.split("+"))
        if sum(groups) != self.numerator or not set(groups) <= {2, 3, 4}:
            message = f"{text} is no way to count {self.name}; groups of 2, 3 or 4 add up to {self.numerator}"
            raise UnknownTimeSignatureError(message, field="time_signature")
        return replace(self, groups=groups)

    @property
    def bar(self) -> Fraction:
        """Length of one bar in quarter notes.

        >>> TimeSignature(6, 8).bar
        Fraction(3, 1)
        """
        return _bar(self.numerator, self.denominator)

    @property
    def pulse(self) -> Fraction:
        """Length in quarter notes of the felt beat: a dotted quarter in 6/8, 9/8, 12/8, else one unit."""
        return _pulse(self.numerator, self.denominator, uneven=any(group != 3 for group in self.groups))

    @property
    def name(self) -> str:
        """As written: "4/4"."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def counted(self) -> str:
        """As counted, groups included where they are said: "7/8 (3+2+2)"."""
        return f"{self.name} ({'+'.join(map(str, self.groups))})" if self.groups else self.name


@cache
def _bar(numerator: int, denominator: int) -> Fraction:
    # Asked for thousands of times a song, and an exact fraction is dear to make.
    return Fraction(4 * numerator, denominator)


@cache
def _pulse(numerator: int, denominator: int, *, uneven: bool) -> Fraction:
    compound = denominator == 8 and numerator % 3 == 0 and numerator > 3 and not uneven
    return Fraction(3, 2) if compound else Fraction(4, denominator)
