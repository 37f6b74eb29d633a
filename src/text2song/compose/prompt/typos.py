"""Repairs slips of the keyboard in long words that nothing else explains."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from text2song.compose.prompt.lexicon import Lexicon, lexicon
from text2song.compose.prompt.text import Token

_SHORTEST = 5
_LONG = 8


def repaired(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens with misspelt lexicon words corrected; ordinary English words are never touched."""
    known, targets = _known_words()
    return tuple(_repair(token, known, targets) for token in tokens)


def _repair(token: Token, known: frozenset[str], targets: dict[str, tuple[str, ...]]) -> Token:
    word = token.text
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or word in known:
        return token
    if any(word.removesuffix(ending) in known for ending in ("s", "ing", "ed", "ly", "less", "es", "y")):
        return token
    distance = 1 if len(word) < _LONG else 2
    best = process.extractOne(word, targets.get(word[0], ()), scorer=OSA.distance, score_cutoff=distance)
    return token if best is None or _is_another_word(word, best[0]) else replace(token, text=best[0])


def _is_another_word(word: str, target: str) -> bool:
    """A short word with one letter changed is more likely another word than a slip ("table", "tabla")."""
    return len(word) == len(target) < _LONG - 1 and sorted(word) != sorted(target)


@cache
def _known_words() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Return every word with a meaning or none of its own, and the long lexicon words by first letter."""
    known_lexicon: Lexicon = lexicon()
    vocabulary = {word for words in known_lexicon.phrases for word in words}
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", "ordinary.toml")
    ordinary = frozenset(tomllib.loads(file.read_text(encoding="utf-8"))["ordinary"].split())
    targets: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        if len(word) >= _SHORTEST and word.isalpha():
            targets.setdefault(word[0], []).append(word)
    return frozenset(vocabulary) | known_lexicon.filler | ordinary, {
        first: tuple(words) for first, words in targets.items()
    }
