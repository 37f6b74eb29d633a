"""Lines as syllables: how they are written, how they sound, which are stressed.

Sounds divide by the maximal onset principle (Kahn 1976): a consonant belongs to the syllable it can begin. Letters
divide into as many parts: by the usual rules of English spelling where these agree, else along the sounds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType

from text2song.compose.words.division import cuts_along
from text2song.compose.words.pronunciation import pronounce, spoken_words
from text2song.compose.words.stress import is_vowel

_VOWELS = "aeiouyàáâäãåèéêëìíîïòóôöõùúûüýÿæœø"
_GROUP = re.compile(f"[{_VOWELS}]+")
#: Vowel pairs that are usually two syllables: "ra-di-o", "va-ri-ous", "flu-ent".
_HIATUS = re.compile(r"i(?=[aou])|u(?=[ae][^gr])|y(?=i)")
#: Endings whose "io" or "ia" is one syllable all the same: "na-tion", "re-li-gion", "spe-cial".
_JOINED = re.compile(r"(?:[tscgx]i(?:on|ous|an|al|ent))(?:s|ed|ing)?$")


@dataclass(frozen=True, slots=True)
class WordSyllable:
    """One syllable of a line: its letters, whether it is stressed, whether the word ends with it, its sounds."""

    text: str
    stressed: bool
    ends_word: bool
    #: ARPAbet, the vowel with its digit.
    phonemes: tuple[str, ...] = ()


def line_syllables(line: str) -> tuple[WordSyllable, ...]:
    """Return the syllables of a line of text; short words of grammar carry no stress.

    >>> [(s.text, s.stressed) for s in line_syllables("driving through the night")]
    [('dri', True), ('ving', False), ('through', True), ('the', False), ('night', True)]
    """
    found: list[WordSyllable] = []
    for word in spoken_words(line):
        sounds = phoneme_syllables(word.phonemes)
        weak = len(sounds) == 1 and word.text.lower().replace("’", "'") in _english().weak
        for index, (part, own) in enumerate(zip(_parts(word.text, sounds), sounds, strict=True)):
            main = any(sound.endswith("1") for sound in own)
            found.append(WordSyllable(part, main and not weak, index == len(sounds) - 1, own))
    return tuple(found)


def phoneme_syllables(phonemes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Divide ARPAbet sounds into syllables, one vowel each.

    >>> phoneme_syllables("IH0 L EH1 K T R IH0 K".split())
    (('IH0',), ('L', 'EH1', 'K'), ('T', 'R', 'IH0', 'K'))
    """
    nuclei = [index for index, sound in enumerate(phonemes) if is_vowel(sound)]
    if not nuclei:
        return (tuple(phonemes),) if phonemes else ()
    cuts = [0]
    for before, after in pairwise(nuclei):
        onset = next(
            first
            for first in range(before + 1, after + 1)
            if first == after
            or " ".join(phonemes[first:after]) in _english().clusters
            or _single(phonemes, first, after)
        )
        cuts.append(onset)
    return tuple(tuple(phonemes[first:last]) for first, last in pairwise([*cuts, len(phonemes)]))


def word_syllables(word: str) -> tuple[str, ...]:
    """Divide one word as it is written; the parts join to the word again.

    >>> word_syllables("beautiful"), word_syllables("remembered"), word_syllables("fire")
    (('beau', 'ti', 'ful'), ('re', 'mem', 'bered'), ('fire',))
    """
    sounds = phoneme_syllables(pronounce(word))
    return _parts(word, sounds) if 1 < len(sounds) <= len(word) else (word,)


@dataclass(frozen=True, slots=True)
class _English:
    weak: frozenset[str]
    onsets: frozenset[str]
    clusters: frozenset[str]
    divided: MappingProxyType[str, tuple[int, ...]]


@cache
def _english() -> _English:
    text = resources.files("text2song.compose.words").joinpath("english.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    # Only the number of letters of each part counts, so that the word keeps its own spelling and capitals.
    divided = {word: tuple(len(part) for part in parts.split("-")) for word, parts in table["divided"].items()}
    clusters = frozenset(cluster.strip() for cluster in table["clusters"].split(","))
    return _English(
        frozenset(table["weak"].split()), frozenset(table["onsets"].split()), clusters, MappingProxyType(divided)
    )


def _single(phonemes: Sequence[str], first: int, after: int) -> bool:
    return after - first == 1 and phonemes[first] != "NG"


@lru_cache(maxsize=20_000)
def _parts(word: str, sounds: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Divide the letters of a word into as many parts as it has syllables."""
    count = len(sounds)
    if count <= 1:
        return (word,)
    if len(word) < count:
        return (*word, *["-"] * (count - len(word)))
    lower = word.lower()
    known = _english().divided.get(lower)
    if known is not None and len(known) == count:
        cuts = [sum(known[: index + 1]) for index in range(len(known) - 1)]
    else:
        spans = _nuclei(lower)
        if len(spans) != count:
            spans = cuts_along(lower, sounds)
        cuts = [_cut(lower, before[1], after[0]) for before, after in pairwise(spans)]
    edges = [0, *cuts, len(word)]
    if any(last <= first for first, last in pairwise(edges)):
        edges = [len(word) * index // count for index in range(count + 1)]
    return tuple(word[first:last] for first, last in pairwise(edges))


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
