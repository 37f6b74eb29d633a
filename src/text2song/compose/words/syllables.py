"""English words as syllables with stress, by spelling: good enough to set them to notes without a dictionary.

The rules are the usual ones of English orthography: a syllable per vowel group, silent final e, -ed, -es, -le;
one consonant between vowels opens the next syllable, clusters divide before their last legal onset.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+", re.UNICODE)
_VOWELS = "aeiouyàáâäãåèéêëìíîïòóôöõùúûüýÿæœø"
_GROUP = re.compile(f"[{_VOWELS}]+")
#: Vowel pairs that are usually two syllables: "ra-di-o", "va-ri-ous", "flu-ent".
_HIATUS = re.compile(r"i(?=[aou])|u(?=[ae][^gr])|y(?=i)")
#: Endings whose "io" or "ia" is one syllable all the same: "na-tion", "re-li-gion", "spe-cial".
_JOINED = re.compile(r"(?:[tscgx]i(?:on|ous|an|al|ent))(?:s|ed|ing)?$")
_WEAK_PREFIX = re.compile(r"^(?:a(?=[bdfglmnrw])|be(?=[a-z]{3})|de|re(?=[a-z]{3})|un|ex|in(?=[a-z]{3})|for(?=g|e))")
_STRESSED_BEFORE = re.compile(r"(?:tion|sion|cian|ic|ical|ity|ial|ious)$")


@dataclass(frozen=True, slots=True)
class WordSyllable:
    """One syllable of a line: its letters, whether it is stressed, whether the word ends with it."""

    text: str
    stressed: bool
    ends_word: bool


def line_syllables(line: str) -> tuple[WordSyllable, ...]:
    """Return the syllables of a line of text.

    >>> [(s.text, s.stressed) for s in line_syllables("driving through the night")]
    [('dri', True), ('ving', False), ('through', True), ('the', False), ('night', True)]
    """
    found: list[WordSyllable] = []
    for match in _WORD.finditer(line):
        parts = word_syllables(match[0])
        stress = _stressed(match[0].lower().replace("’", "'"), len(parts))
        for index, part in enumerate(parts):
            found.append(WordSyllable(part, index == stress, index == len(parts) - 1))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _English:
    weak: frozenset[str]
    onsets: frozenset[str]
    divided: MappingProxyType[str, tuple[int, ...]]
    stress: MappingProxyType[str, int]


@cache
def _english() -> _English:
    text = resources.files("text2song.compose.words").joinpath("english.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    # Only the number of letters of each part counts, so that the word keeps its own spelling and capitals.
    divided = {word: tuple(len(part) for part in parts.split("-")) for word, parts in table["divided"].items()}
    weak, onsets = frozenset(table["weak"].split()), frozenset(table["onsets"].split())
    return _English(weak, onsets, MappingProxyType(divided), MappingProxyType(table["stress"]))


@cache
def word_syllables(word: str) -> tuple[str, ...]:
    """Divide one word; the parts join to the word again.

    >>> word_syllables("beautiful"), word_syllables("remembered"), word_syllables("fire")
    (('beau', 'ti', 'ful'), ('re', 'mem', 'bered'), ('fire',))
    """
    lower = word.lower()
    known = _english().divided.get(lower)
    if known is not None:
        cuts = [sum(known[: index + 1]) for index in range(len(known) - 1)]
    else:
        cuts = [_cut(lower, before[1], after[0]) for before, after in pairwise(_nuclei(lower))]
    return tuple(word[first:last] for first, last in pairwise([0, *cuts, len(word)]))


def _nuclei(word: str) -> list[tuple[int, int]]:
    """Spans of the vowel groups that are heard."""
    spans: list[tuple[int, int]] = []
    joined = _JOINED.search(word)
    for group in _GROUP.finditer(word):
        first, last = group.span()
        if word[first] == "y" and first == 0 and last == 1:
            continue
        if first > 0 and word[first - 1] == "q" and word[first] == "u":
            first += 1
        split = _HIATUS.search(word, first, last + 2) if joined is None or first < joined.start() else None
        cut = split.end() if split else 0
        if first < cut < last:
            spans += [(first, cut), (cut, last)]
        elif first < last:
            spans.append((first, last))
    return spans[:-1] if len(spans) > 1 and _last_is_silent(word, spans[-1]) else spans


def _last_is_silent(word: str, span: tuple[int, int]) -> bool:
    tail = word[span[0] :]
    before = word[: span[0]]
    if tail == "e":
        return not (before.endswith("l") and len(before) > 1 and before[-2] not in _VOWELS)
    if tail == "es":
        return not before.endswith(("s", "x", "z", "ch", "sh", "c", "g"))
    return tail == "ed" and not before.endswith(("t", "d"))


def _cut(word: str, first: int, last: int) -> int:
    """Where the consonants between two vowels divide: before the longest legal onset, one consonant left behind."""
    between = word[first:last]
    # A final -le takes one consonant with it: "lit-tle".
    if word[last - 1 :] == "le" and len(between) > 1:
        return last - 2
    for size in (3, 2, 1):
        fits = size < len(between) or (size == len(between) == 1) or (size == len(between) and between in "thshchph")
        if fits and between[-size:] in _english().onsets:
            return last - size
    return max(first, last - 1) if between else first


def _stressed(word: str, count: int) -> int:
    """Index of the stressed syllable, −1 where none is."""
    if count == 1:
        return -1 if word in _english().weak else 0
    if word in _english().stress:
        return min(_english().stress[word], count - 1)
    if _STRESSED_BEFORE.search(word) and count > 2:
        return count - (3 if word.endswith(("ity", "ical")) else 2)
    return 1 if _WEAK_PREFIX.match(word) else 0
