"""Words made from other words: plurals, past and -ing forms, comparatives, adverbs, prefixes, compounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType

from text2song.compose.words.stress import is_vowel

#: Gives the sounds of a word, or None where it is not known.
Lookup = Callable[[str], tuple[str, ...] | None]

_VOICELESS = frozenset(["P", "T", "K", "F", "TH", "S", "SH", "CH", "HH"])
_SIBILANT = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])
_DOUBLING = frozenset("bdfgklmnprstvz")
_SUFFIXES = MappingProxyType(
    {
        "ingly": ("IH0", "NG", "L", "IY0"),
        "ness": ("N", "AH0", "S"),
        "less": ("L", "AH0", "S"),
        "ment": ("M", "AH0", "N", "T"),
        "fully": ("F", "AH0", "L", "IY0"),
        "ful": ("F", "AH0", "L"),
        "ship": ("SH", "IH0", "P"),
        "hood": ("HH", "UH2", "D"),
        "ward": ("W", "ER0", "D"),
        "wards": ("W", "ER0", "D", "Z"),
        "ling": ("L", "IH0", "NG"),
        "some": ("S", "AH0", "M"),
        "dom": ("D", "AH0", "M"),
        "ing": ("IH0", "NG"),
        "in'": ("IH0", "N"),
        "est": ("AH0", "S", "T"),
        "ers": ("ER0", "Z"),
        "er": ("ER0",),
        "ably": ("AH0", "B", "L", "IY0"),
        "able": ("AH0", "B", "AH0", "L"),
        "ist": ("IH0", "S", "T"),
        "ists": ("IH0", "S", "T", "S"),
        "ly": ("L", "IY0"),
        "ty": ("T", "IY0"),
        "ish": ("IH0", "SH"),
        "y": ("IY0",),
    }
)
_OUTER = frozenset(
    {"ingly", "ness", "less", "ment", "fully", "ful", "ship", "hood", "ing", "in'", "ly", "er", "ers", "able", "ably"}
)
#: What may stand second in a compound though it is short, and what cannot stand first.
_SHORT_SECOND = frozenset(
    {
        "man",
        "men",
        "way",
        "day",
        "box",
        "boy",
        "car",
        "cup",
        "eye",
        "fly",
        "gun",
        "hat",
        "jam",
        "log",
        "pot",
        "sun",
        "top",
    }
    | {"out", "off", "bed", "dog", "one", "set"}
)
_NO_FIRST = frozenset(
    {"for", "and", "the", "but", "his", "her", "not", "any", "are", "was", "all", "can", "has", "had", "men", "ten"}
    | {"one", "two", "its", "our", "who", "you", "she"}
)
_PREFIXES = MappingProxyType(
    {
        "un": ("AH0", "N"),
        "re": ("R", "IY0"),
        "over": ("OW2", "V", "ER0"),
        "under": ("AH2", "N", "D", "ER0"),
        "out": ("AW2", "T"),
        "mis": ("M", "IH0", "S"),
        "dis": ("D", "IH0", "S"),
        "non": ("N", "AA2", "N"),
    }
)
_SHORTEST_PART, _LONG_PART = 3, 4
_CLITICS = MappingProxyType(
    {"'ll": ("AH0", "L"), "'ve": ("AH0", "V"), "'d": ("D",), "'re": ("ER0",), "n't": ("AH0", "N", "T")}
)


def derived(word: str, known: Lookup, *, inner: bool = False) -> tuple[str, ...] | None:
    """Return the sounds of a word made from one that `known` has; None when it is made from none.

    With `inner` only by the endings that are added to words already made: "hope-ful-ly", not "com-ed-y".

    >>> derived("lights", {"light": ("L", "AY1", "T")}.get)
    ('L', 'AY1', 'T', 'S')
    """
    found = _ending(word, known) or _suffixed(word, known, inner=inner) or _prefixed(word, known)
    return found if found or inner else _compound(word, known)


def _ending(word: str, known: Lookup) -> tuple[str, ...] | None:
    for clitic, sounds in _CLITICS.items():
        if word.endswith(clitic) and (base := known(word.removesuffix(clitic))):
            return (*base, *sounds) if is_vowel(base[-1]) and len(sounds) == 1 else (*base, *_spaced(base, sounds))
    if word.endswith(("'s", "s'")):
        stem = word[:-2] if word.endswith("'s") else word[:-1]
        base = known(stem)
        return base if word.endswith("s'") else _plural(base) if base else None
    if word.endswith("s") and not word.endswith("ss"):
        for stem in _stems_before_s(word):
            if base := known(stem):
                voiced = word.endswith("ves") and base[-1] == "F"
                return (*base[:-1], "V", "Z") if voiced else _plural(base)
    if word.endswith("ed"):
        for stem in _stems(word[:-2]):
            if base := known(stem):
                return _past(base)
    return None


def _spaced(base: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[str, ...]:
    """A lone consonant after its like needs a vowel: "need'd"."""
    return ("AH0", *sounds) if len(sounds) == 1 and base[-1] in ("T", "D") else sounds


def _plural(base: tuple[str, ...]) -> tuple[str, ...]:
    last = base[-1]
    return (*base, "AH0", "Z") if last in _SIBILANT else (*base, "S" if last in _VOICELESS else "Z")


def _past(base: tuple[str, ...]) -> tuple[str, ...]:
    last = base[-1]
    return (*base, "AH0", "D") if last in ("T", "D") else (*base, "T" if last in _VOICELESS else "D")


def _suffixed(word: str, known: Lookup, *, inner: bool) -> tuple[str, ...] | None:
    for suffix, sounds in _SUFFIXES.items():
        if not word.endswith(suffix) or len(word) - len(suffix) < 2 or (inner and suffix not in _OUTER):
            continue
        if word.endswith(("ity", "ety")):
            # "Authority" is no author with two endings.
            return None
        for stem in _stems(word.removesuffix(suffix), plain=sounds[0][0] not in "IEA"):
            if base := known(stem):
                return _joined(base, sounds)
    return None


def _joined(base: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[str, ...]:
    if sounds[0] == "L" and base[-1] == "L":
        # One l is heard in "finally".
        return (*base[:-1], *sounds)
    if sounds == ("IY0",) and base[-2:] == ("AH0", "L"):
        # "Gentle" loses a syllable to "gently".
        return (*base[:-2], "L", "IY0")
    return (*base, *sounds)


def _prefixed(word: str, known: Lookup) -> tuple[str, ...] | None:
    for prefix, sounds in _PREFIXES.items():
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST_PART and (base := known(rest) or _ending(rest, known)):
            return (*sounds, *base)
    return None


def _compound(word: str, known: Lookup) -> tuple[str, ...] | None:
    """Two known words in one: the first has the main stress ("moonlight")."""
    for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        first, second = word[:cut], word[cut:]
        if first in _NO_FIRST or (len(second) < _LONG_PART and second.removesuffix("s") not in _SHORT_SECOND):
            continue
        head, tail = known(first), known(second) or _ending(second, known) or _suffixed(second, known, inner=True)
        if head and tail and any(sound.endswith("1") for sound in head):
            return (*head, *(sound.replace("1", "2") for sound in tail))
    return None


def _stems_before_s(word: str) -> Iterator[str]:
    yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("ves"):
        yield word[:-3] + "f"
        yield word[:-3] + "fe"


def _stems(stem: str, *, plain: bool = False) -> Iterator[str]:
    """Yield what a word may have been before a suffix: "mak" → "make", "runn" → "run", "happi" → "happy"."""
    if not plain and stem[-2:-1] == stem[-1:] and stem[-1:] in _DOUBLING:
        yield stem[:-1]
    if not plain:
        yield stem + "e"
    yield stem
    if stem.endswith("i"):
        yield stem[:-1] + "y"
