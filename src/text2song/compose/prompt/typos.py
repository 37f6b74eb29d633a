"""Repairs slips of the keyboard in long words that nothing else explains."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import OSA

from text2song.compose.prompt.lexicon import Lexicon, grammar, lexicon
from text2song.compose.prompt.text import Token

_SHORTEST = 5
_LONG = 8
#: Words this long may have two slips; shorter ones would become other words ("arthouse", "afrohouse").
_TWO_SLIPS = 10
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")


def repaired(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens with misspelt lexicon words corrected; ordinary English words are never touched."""
    return tuple(_repair(token) for token in tokens)


@cache
def known_words() -> frozenset[str]:
    """Return every word the lexicon knows or passes over, and the ordinary words of English."""
    known_lexicon: Lexicon = lexicon()
    return _vocabulary() | known_lexicon.filler | _ordinary_words()


def _repair(token: Token) -> Token:
    word = _DRAWN_OUT.sub(_shortened, token.text)
    if word != token.text:
        return replace(token, text=word)
    if len(word) < _SHORTEST - 1 or not word.isascii() or not word.isalpha() or word in known_words():
        return token
    if any(word.removesuffix(ending) in known_words() for ending in ("s", "ing", "ed", "ly", "less", "es", "y")):
        return token
    distance = 1 if len(word) < _TWO_SLIPS else 2
    best = process.extractOne(word, _targets().get(word[0], ()), scorer=OSA.distance, score_cutoff=distance)
    return token if best is None or _is_another_word(word, best[0]) else replace(token, text=best[0])


def _shortened(match: re.Match[str]) -> str:
    """ "waaay" is "way" and "sooo sooothing" is "so soothing": one letter, or two where that makes a known word."""
    before, letter, after = match.string[: match.start()], match[1], match.string[match.end() :]
    doubled = before + 2 * letter + after
    return 2 * letter if doubled in known_words() else letter


def _is_another_word(word: str, target: str) -> bool:
    """A short word with one letter changed is more likely another word than a slip ("table", "tabla")."""
    if len(word) < _SHORTEST:
        return len(target) != len(word) + 1  # "metl" has lost a letter; any other change makes another word
    return len(word) == len(target) < _LONG - 1 and sorted(word) != sorted(target)


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words in lexicon().phrases for word in words)


@cache
def _targets() -> Mapping[str, tuple[str, ...]]:
    """Return the long lexicon words by first letter."""
    targets: dict[str, list[str]] = {}
    for word in sorted(_vocabulary() | grammar("mistyped_denials")):
        if len(word) >= _SHORTEST and word.isalpha():
            targets.setdefault(word[0], []).append(word)
    return MappingProxyType({first: tuple(words) for first, words in targets.items()})


def _ordinary_words() -> frozenset[str]:
    """Return English words in common use, from SymSpell's frequency dictionary (82,765 words with their counts)."""
    file = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    rows = (line.split() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return frozenset(row[0] for row in rows if len(row[0]) > 2)
