"""Roman numerals: chords named by their degree, so that one progression serves every key.

Degrees count from the major scale whatever the mode, as popular-music analysis does (de Clercq and Temperley 2011):
"bVI" is A flat in C major and in C minor. Capitals are major, small letters minor; "V7/vi" is the dominant of vi.
A figure after the stroke is the degree in the bass, as the Nashville numbers write it: "V/7" is G/B in C.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from text2song.domain.errors import InvalidError
from text2song.domain.theory import QUALITIES, Chord, Key

_DEGREES = MappingProxyType({"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11})
_BASSES = MappingProxyType({"1": 0, "2": 2, "3": 4, "4": 5, "5": 7, "6": 9, "7": 11})
_ROMAN = re.compile(
    r"(b|#)?(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:/(?![b#]?[1-7](?:/|$))([^/]+))?(?:/([b#]?[1-7]))?"
)
_SUFFIXES = MappingProxyType({"°": "dim", "°7": "dim7", "+": "aug", "ø": "m7b5", "ø7": "m7b5", "7b5": "m7b5"})
#: Qualities that say themselves whether the third is minor, or have none.
_ABSOLUTE = frozenset({"dim", "dim7", "aug", "m7b5", "5", "sus2", "sus4", "7sus4", "m6", "m69", "9sus4"})


class UnreadableRomanError(InvalidError):
    """The text is not a Roman numeral with a known quality."""

    slug = "unreadable-roman"


class Function(StrEnum):
    """What a chord does in its key (Riemann): rest, move away, or press home."""

    TONIC = "tonic"
    SUBDOMINANT = "subdominant"
    DOMINANT = "dominant"


_FUNCTIONS = MappingProxyType(
    {
        **dict.fromkeys((0, 3, 4, 9), Function.TONIC),
        **dict.fromkeys((1, 2, 5, 6, 8), Function.SUBDOMINANT),
        **dict.fromkeys((7, 10, 11), Function.DOMINANT),
    }
)


@dataclass(frozen=True, slots=True)
class Roman:
    """A chord by degree: "bVII", "ii7", "V7/vi"."""

    #: Accidental and numeral: "bVI", "ii".
    degree: str
    #: As written after the degree: "7", "maj7", "°".
    suffix: str = ""
    #: The degree this chord is applied to: "vi" in "V7/vi".
    over: str = ""
    #: The degree in the bass where it is not the root: "3", "b7".
    bass: str = ""

    @classmethod
    def parse(cls, text: str) -> Roman:
        """Read a Roman numeral; raises `UnreadableRomanError`.

        >>> Roman.parse("V7/vi").chord(Key.parse("C major")).symbol()
        'E7'
        """
        match = _ROMAN.fullmatch(text)
        if match is None:
            raise UnreadableRomanError(f"“{text}” is not a Roman numeral")
        accidental, numeral, suffix, over, bass = match.groups()
        roman = cls(f"{accidental or ''}{numeral}", suffix, over or "", bass or "")
        if roman.quality not in QUALITIES:
            raise UnreadableRomanError(f"“{text}” has no quality that is known")
        return roman

    @property
    def text(self) -> str:
        """As written."""
        return "/".join(filter(None, (f"{self.degree}{self.suffix}", self.over, self.bass)))

    @property
    def is_minor(self) -> bool:
        """Whether the degree is written small."""
        return self.degree.islower() if self.degree[0] != "b" else self.degree[1:].islower()

    @property
    def quality(self) -> str:
        """The quality as `domain.theory.QUALITIES` names it."""
        quality = _SUFFIXES.get(self.suffix, self.suffix)
        if not self.is_minor or quality in _ABSOLUTE:
            return quality
        return f"m{quality}"

    @property
    def semitones(self) -> int:
        """Semitones of the root above the tonic, 0..11."""
        flat = self.degree.startswith("b")
        sharp = self.degree.startswith("#")
        own = _DEGREES[self.degree.lstrip("b#").upper()] - flat + sharp
        return (own + (Roman.parse(self.over).semitones if self.over else 0)) % 12

    @property
    def function(self) -> Function:
        """What the chord does; an applied chord moves or presses toward its goal."""
        if not self.over:
            return _FUNCTIONS[self.semitones]
        return Function.SUBDOMINANT if self.degree in ("ii", "iv", "IV") else Function.DOMINANT

    def chord(self, key: Key) -> Chord:
        """Return the chord in a key."""
        bass = None
        if self.bass:
            altered = self.bass.startswith("#") - self.bass.startswith("b")
            bass = (key.tonic + _BASSES[self.bass[-1]] + altered) % 12
        root = (key.tonic + self.semitones) % 12
        return Chord(root, self.quality, None if bass == root else bass)

    def coloured(self, colour: str, key: Key) -> Roman:
        """Return a plain triad with a colour that stays in the key; any other chord unchanged.

        Colours: "plain", "fifths", "sus", "add9", "sixths", "sevenths", "ninths", "thirteenths".
        """
        if self.suffix or self.over or colour == "plain":
            return self
        root = (key.tonic + self.semitones) % 12
        has = {step for step in range(12) if (root + step) % 12 in key.scale}
        return replace(self, suffix=_suffix(colour, self, has))


def _suffix(colour: str, roman: Roman, has: set[int]) -> str:
    """Return the suffix of `colour`; `has` holds the steps above the root that belong to the key."""
    # A third from outside the key is why the chord was written: a bare fifth would lose it.
    if colour == "fifths":
        return "5" if (3 if roman.is_minor else 4) in has and 7 in has else ""
    if colour == "sus":
        return "sus4" if roman.function is Function.DOMINANT and 5 in has else ""
    if colour == "add9":
        return "add9" if 2 in has else ""
    if colour == "sixths" and 9 in has and roman.function is not Function.DOMINANT:
        return "m6" if roman.is_minor else "69" if 2 in has and not roman.semitones else "6"
    seventh = "7" if 10 in has else ""
    if not roman.is_minor and 11 in has:
        seventh = "maj7"
    if colour == "thirteenths" and seventh == "7" and not roman.is_minor and {2, 9} <= has:
        return "13"
    ninth = {"7": "9", "maj7": "maj9"}.get(seventh, "")
    return ninth if colour in ("ninths", "thirteenths") and 2 in has else seventh
