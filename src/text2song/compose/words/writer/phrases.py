"""Phrases: pieces of lines with their syllables, stresses and rhyme, and how they are joined to lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from text2song.compose.words.syllables import line_syllables
from text2song.compose.words.writer.rhyme import rhyme_key

_WORD = re.compile(r"[A-Za-z']+")
#: One singer's words as several say them.
_PLURAL = MappingProxyType(
    {
        "i": "we",
        "i'm": "we're",
        "i've": "we've",
        "i'll": "we'll",
        "my": "our",
        "me": "us",
        "mine": "ours",
        "myself": "ourselves",
        "am": "are",
        "was": "were",
    }
)
_BODY = re.compile(r"\bmy (heart|head|back|face|tongue|name)\b")
#: Beyond this a mood is bright or dark.
_NEUTRAL = 0.12
_SMALL = frozenset(
    {"a", "an", "the", "in", "on", "at", "by", "of", "to", "and", "i", "i'm", "i've", "we", "we're", "my", "our", "me"}
    | {"us", "you", "your", "it", "it's", "is", "are", "with", "for", "up", "like", "when"}
)
_YOU = re.compile(r"\b(?:you|your|yours|you're|you've)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a line: its words, "1" and "0" per syllable, its rhyme, its last word in small letters."""

    text: str
    beats: str
    rhyme: str
    last: str

    @property
    def name(self) -> str:
        """What a decision calls it."""
        return self.text

    @property
    def count(self) -> int:
        """How many syllables it has."""
        return len(self.beats)


@lru_cache(maxsize=8192)
def phrase(text: str) -> Phrase:
    """Return a text as a phrase.

    >>> phrase("the turning tide").beats, phrase("the turning tide").last
    ('0101', 'tide')
    """
    beats = "".join("1" if syllable.stressed else "0" for syllable in line_syllables(text))
    words = _WORD.findall(text)
    return Phrase(text, beats, rhyme_key(text), words[-1].lower() if words else "")


def marked(rows: Iterable[str], *, valence: float, plural: bool) -> list[Phrase]:
    """Return the rows that suit the mood and the number of singers; "-1|text" carries marks before its bar."""
    found: list[Phrase] = []
    for row in rows:
        marks, _, text = row.rpartition("|")
        text = text.strip()
        unfit = ("+" in marks and valence < -_NEUTRAL) or ("-" in marks and valence > _NEUTRAL)
        if not text or unfit or (plural and ("1" in marks or _YOU.search(text))):
            continue
        found.append(phrase(as_plural(text) if plural else text))
    return found


def as_plural(text: str) -> str:
    """Return what one person says as several say it.

    >>> as_plural("I'm counting my steps and I wait with an ache in my heart")
    "we're counting our steps and we wait with an ache in our hearts"
    """
    bodies = _BODY.sub(lambda match: f"my {match[1]}s", text)
    return _WORD.sub(lambda match: _PLURAL.get(match[0].lower(), match[0]), bodies)


@lru_cache(maxsize=8192)
def metre_cost(beats: str) -> float:
    """Return how far a line is from alternating stresses: clashes, and three weak syllables in a row."""
    clashes = sum(beats[index : index + 2] == "11" for index in range(len(beats)))
    lapses = sum(beats[index : index + 3] == "000" for index in range(len(beats)))
    return 1.0 * clashes + 0.7 * lapses + (0.0 if beats.endswith(("1", "10")) else 0.8)


def sentence(*pieces: str) -> str:
    """Join pieces to a line that begins with a capital.

    >>> sentence("and", "the tide is turning", "", "out of sight")
    'And the tide is turning out of sight'
    """
    text = " ".join(piece for piece in pieces if piece)
    return text[:1].upper() + text[1:]


def table_rows(text: str, mark: str = "|") -> list[str]:
    """Split a row of a theme at its bars."""
    return [part.strip() for part in text.split(mark) if part.strip()]


def pick_rows(table: Mapping[str, str], key: str) -> list[str]:
    """Return the lines of a table's text."""
    return [line for line in table.get(key, "").split("\n") if line.strip()]


@lru_cache(maxsize=8192)
def meanings(text: str) -> frozenset[str]:
    """Return the words of a phrase that carry meaning, in small letters."""
    return frozenset(_WORD.findall(text.lower())) - _SMALL
