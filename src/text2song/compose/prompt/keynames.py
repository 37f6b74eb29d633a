"""Keys as other languages and theory books write them, put as English does: "Es-Dur", "la minore", "phrygian on E"."""

from __future__ import annotations

import re
from types import MappingProxyType

#: German letters: H is B natural, B is B flat, -is raises, -es lowers.
_GERMAN = re.compile(r"\b([A-Ha-h])(is|es|s)?[- ]?(dur|moll)\b", re.IGNORECASE)
_SOLFEGE = re.compile(
    r"\b(do|ut|ré|re|mi|fa|sol|la|si)(?:[ -](diesis|dièse|diese|sostenido|sustenido|bemolle|bémol|bemol))?"
    r"[ -](maggiore|minore|majeur|mineur|mayor|menor|maior)\b",
    re.IGNORECASE,
)
#: Solfège beside an English mode; "do" and "la" are words of English too.
_SOLFEGE_MIXED = re.compile(
    r"\b((?<=in )do|(?<=key )do|(?<=of )do|(?<=tonality )do|(?<=tonality is )do|(?<=key is )do"
    r"|(?<=tonality: )do|(?<=key: )do|ré|re|mi|fa|sol|(?<!the )(?<!, )la|si)"
    r"(?:[ -]?(sharp|flat|[#♯♭]))?[ -](major|minor)\b(?! (?:league|label|lift|problem|changes?|edits?))",
    re.IGNORECASE,
)
_MODE_FIRST = re.compile(
    r"\b(dorian|phrygian|lydian|mixolydian|locrian|aeolian|ionian|major|minor) (?:mode )?(?:on|in|starting on|from)"
    r" ([A-Ga-g](?:[#b♯♭]| ?sharp| ?flat)?)(?![\w#])"
)
#: DJs' wheel of keys: 8A is A minor, 8B C major, each step a fifth.
_CAMELOT = re.compile(
    r"(?<=\bin )(1[0-2]|[1-9])([AB])\b|(?<=\b[kK]ey )(1[0-2]|[1-9])([AB])\b|(?<=[cC]amelot )(1[0-2]|[1-9])([AB])\b"
    r"|(?<=, )(1[0-2]|[1-9])([AB])(?=,|$)|^(1[0-2]|[1-9])([AB])(?=,|$)"
)
_CAMELOT_KEY = re.compile(
    r"\b((?:key|camelot)(?: (?:is|of|code|number|wheel))*\s?[:=–-]?\s?)(1[0-2]|[1-9])([AB])(?![\w#])", re.IGNORECASE
)
_FIFTHS = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "Db")
_LETTERS = MappingProxyType(
    {"do": "C", "ut": "C", "ré": "D", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
)


def in_english(text: str) -> str:
    """Return the text with such keys in English spelling.

    >>> in_english("ein Marsch in Es-Dur"), in_english("in la minore"), in_english("phrygian on E")
    ('ein Marsch in Eb major', 'in A minor', 'E phrygian')
    """
    text = _GERMAN.sub(_from_german, text)
    text = _CAMELOT_KEY.sub(lambda match: f"{match[1]}{_on_wheel(match[2], match[3])}", text)
    text = _CAMELOT.sub(_from_wheel, text)
    text = _SOLFEGE_MIXED.sub(_from_solfege, _SOLFEGE.sub(_from_solfege, text))
    return _MODE_FIRST.sub(lambda match: f"{match[2][0].upper()}{match[2][1:]} {match[1]}", text)


def _from_german(match: re.Match[str]) -> str:
    letter, sign, mode = match[1].upper(), (match[2] or "").lower(), match[3].lower()
    if letter == "H":
        name = "B" if not sign else "B#"
    elif letter == "B":
        name = "Bb"
    else:
        name = letter + {"": "", "is": "#", "es": "b", "s": "b"}[sign]
    return f"{name} {'major' if mode == 'dur' else 'minor'}"


def _from_wheel(match: re.Match[str]) -> str:
    number, side = (group for group in match.groups() if group)
    return _on_wheel(number, side)


def _on_wheel(number: str, side: str) -> str:
    hour = int(number)
    return f"{_FIFTHS[hour - 1]} minor" if side in "aA" else f"{_FIFTHS[(hour + 8) % 12]} major"


def _from_solfege(match: re.Match[str]) -> str:
    sign = (match[2] or "").lower()
    name = _LETTERS[match[1].lower()] + ("" if not sign else "b" if sign[0] in "bf♭" else "#")
    return f"{name} {'major' if match[3].lower().startswith('ma') else 'minor'}"
