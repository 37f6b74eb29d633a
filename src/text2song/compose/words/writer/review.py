"""Words that came from a language model: cleaned of what is not sung, and refused where they cannot be sung well."""

from __future__ import annotations

import re
from itertools import combinations

from text2song.compose.words.language import detect_language, is_english
from text2song.compose.words.stanzas import Stanza, read_stanzas
from text2song.compose.words.syllables import line_syllables
from text2song.compose.words.writer.rhyme import rhymes

#: Marks of writing that nobody sings, and lines that speak about the lyrics.
_MARKS = re.compile(r"[*_`#>~|]+")
_REMARK = re.compile(
    r"^\s*(?:here (?:are|is)|sure\b|certainly\b|of course\b|title\s*:|note\s*:|i hope|let me know|would you like"
    r"|lyrics\s*:?$)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-•]|\d+[.)])\s+")
#: Syllables of a line that can be sung, lines and stanzas of a song.
_SYLLABLES, _LINES, _STANZAS = (2, 16), (4, 80), 12
#: How many lines may have too many or too few syllables, and how many stanzas must rhyme.
_ODD_LINES, _RHYMED = 0.1, 0.5
#: How far apart the syllables of neighbouring lines of a stanza may be.
_UNEVEN = 5


def reviewed(text: str) -> str | None:
    """Return the words to sing with a tag before each stanza, or None where they are no lyrics that can be sung.

    They must be English, tagged or divided into stanzas, mostly of 2 to 16 syllables a line, even within a stanza, and
    half of the stanzas must rhyme somewhere.
    """
    stanzas = read_stanzas("\n".join(_clean(line) for line in text.splitlines() if not _REMARK.match(line)))
    lines = [line for stanza in stanzas for line in stanza.lines]
    if (
        not _LINES[0] <= len(lines) <= _LINES[1]
        or len(stanzas) > _STANZAS
        or not is_english(detect_language("\n".join(lines)))
    ):
        return None
    odd = sum(not _SYLLABLES[0] <= len(line_syllables(line)) <= _SYLLABLES[1] for line in lines)
    rhymed = sum(_rhymes(stanza) for stanza in stanzas)
    if odd > _ODD_LINES * len(lines) or rhymed < _RHYMED * len(stanzas) or not all(map(_even, stanzas)):
        return None
    return "\n\n".join(_written(stanza) for stanza in stanzas)


def _clean(line: str) -> str:
    return _BULLET.sub("", _MARKS.sub("", line)).strip().strip('"“”')


def _written(stanza: Stanza) -> str:
    tag = [f"[{stanza.kind.value.capitalize()}]"] if stanza.kind else []
    return "\n".join([*tag, *stanza.lines])


def _rhymes(stanza: Stanza) -> bool:
    return any(rhymes(one, two) for one, two in combinations(stanza.lines, 2))


def _even(stanza: Stanza) -> bool:
    counts = sorted(len(line_syllables(line)) for line in stanza.lines)
    return len(counts) < 3 or counts[-2] - counts[1] <= _UNEVEN
