"""Roman numerals read back: how far above the tonic a chord stands."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

_NUMERAL = re.compile(r"^([b#]*)(VII|VI|IV|V|III|II|I)", re.IGNORECASE)
#: A degree in the bass, as in "V/7", says nothing about the root.
_BASS = re.compile(r"/[b#]?[1-7]$")
_STEPS = MappingProxyType({"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11})


@lru_cache(maxsize=512)
def degree_semitones(roman: str) -> int | None:
    """Return the semitones above the tonic of "bVII", "ii7" or "V7/V", or None where it is no numeral.

    >>> degree_semitones("bVII7"), degree_semitones("V7/V"), degree_semitones("V/7"), degree_semitones("N.C.")
    (10, 2, 7, None)
    """
    numeral, _, over = _BASS.sub("", roman).partition("/")
    match = _NUMERAL.match(numeral)
    if match is None:
        return None
    signs = match[1]
    own = _STEPS[match[2].upper()] + signs.count("#") - signs.count("b")
    goal = degree_semitones(over) if over else 0
    return None if goal is None else (own + goal) % 12
