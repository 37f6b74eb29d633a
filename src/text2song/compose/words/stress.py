"""Where the stress of an English word falls, and what becomes of the vowels that have none.

Suffixes decide first (-tion, -ity, -ee), then weak prefixes, then the Latin rule that Chomsky & Halle ("The Sound
Pattern of English", 1968) build on: the last syllable but one if it is heavy, else the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from types import MappingProxyType

from text2song.compose.words.letters import spelling_table

VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
_TENSE = frozenset(["EY", "IY", "AY", "OW", "UW", "AW", "OY", "AO"])
_PREFIXED = re.compile(r"be|de|re|dis|en|em|ex|con|com|im|in|un|([aeo])([bcdfglmnprst])\2")
#: Words of three syllables that begin so and end so are stressed on the first all the same: "confidence".
_EARLY = re.compile("(?:(?<!m)ent|ence|ency|ant|ance|ate|ite|it|y|al|ous|ic|cult|crat|or)s?$")
_REDUCED = MappingProxyType({"AE": "AH", "EH": "AH", "AA": "AH", "AO": "AH", "UH": "AH"})


def is_vowel(sound: str) -> bool:
    """Whether an ARPAbet symbol, with or without its digit, is a vowel."""
    return sound[:2] in VOWELS


def with_stress(word: str, sounds: Sequence[str]) -> tuple[str, ...]:
    """Return the sounds of `word` with a digit on every vowel: 1 main stress, 2 another, 0 none."""
    nuclei = [index for index, sound in enumerate(sounds) if sound in VOWELS]
    if not nuclei:
        return tuple(sounds)
    main = _main(word, sounds, nuclei)
    marked = list(sounds)
    for order, place in enumerate(nuclei):
        second = main >= 2 and order == main - 2
        marked[place] = sounds[place] + ("1" if order == main else "2" if second else "0")
    return _reduced(marked, nuclei)


def _main(word: str, sounds: Sequence[str], nuclei: Sequence[int]) -> int:
    """Return which vowel, counted from 0, has the main stress."""
    count = len(nuclei)
    if count == 1:
        return 0
    for pattern, back in _endings():
        if pattern.search(word) and count >= back:
            return count - back
    weak, strong = _starts()
    if count == 2:
        tense_end = sounds[nuclei[1]] in _TENSE and not word.endswith(("y", "ow", "o", "ie", "ies", "ey"))
        return 1 if weak.match(word) and (tense_end or not strong.search(word)) else 0
    prefix = _PREFIXED.match(word)
    if count == 3 and prefix and (prefix[1] or not _EARLY.search(word)):
        return 1
    # Tense vowels are heavy everywhere, clusters only before the endings that Latin and Italian words have.
    tense = sounds[nuclei[-2]] in _TENSE and not word.endswith("y")
    cluster = nuclei[-1] - nuclei[-2] > 2 and word.endswith(("a", "o", "us", "um", "is", "or"))
    return count - 2 if tense or cluster else max(0, count - 3)


def _reduced(marked: list[str], nuclei: Sequence[int]) -> tuple[str, ...]:
    """Weaken the vowels without stress; one before r becomes ER."""
    found = list(marked)
    for place in nuclei:
        vowel, digit = found[place][:-1], found[place][-1]
        if digit != "0":
            continue
        if vowel in ("EH", "AH", "AO", "IH") and place + 1 < len(found) and found[place + 1] == "R":
            found[place], found[place + 1] = "ER0", ""
        elif vowel in _REDUCED:
            first = place == nuclei[0] and vowel == "EH"
            found[place] = "IH0" if first else f"{_REDUCED[vowel]}0"
    return tuple(sound for sound in found if sound)


@cache
def _endings() -> tuple[tuple[re.Pattern[str], int], ...]:
    lines = spelling_table()["stress"]["from_end"].split("\n")[:-1]
    return tuple((re.compile(line.split()[0]), int(line.split()[1])) for line in lines)


@cache
def _starts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = spelling_table()["stress"]
    return re.compile(f"(?:{'|'.join(table['weak_starts'].split())})"), re.compile(table["strong_ends"])
