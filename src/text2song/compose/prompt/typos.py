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
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.text import BREAKS, Token

_SHORTEST = 5
_LONG = 8
#: Words this long may have two slips; shorter ones would become other words ("arthouse", "afrohouse").
_TWO_SLIPS = 10
#: Words before a name, and the share of capitals beyond which they mean nothing.
_LIKENESS = frozenset({"like", "by", "meets", "feat", "ft"})
_MANNERS = frozenset(
    {(noun, "of") for noun in ("style", "vein", "spirit", "manner", "sound", "vibe", "school", "mould")} | {("a", "la")}
)
_TITLE_CASE = 0.5
_PROPER = frozenset({Kind.ARTIST, Kind.GENRE, Kind.HINT})
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")


def repaired(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens with misspelt lexicon words corrected; ordinary English words are never touched."""
    words = [token for token in tokens if token.is_word]
    titled = sum(token.capital for token in words) > _TITLE_CASE * len(words)
    return tuple(_repair(token, named=_is_name(tokens, index, titled=titled)) for index, token in enumerate(tokens))


def _is_name(tokens: Sequence[Token], index: int, *, titled: bool) -> bool:
    """Whether a word may be somebody's name: "like moderat", or a capital inside a sentence."""
    before = [tokens[back].text if back >= 0 else "." for back in (index - 2, index - 1)]
    if before[1] in _LIKENESS or tuple(before) in _MANNERS:
        return True
    return tokens[index].capital and not titled and before[1] not in BREAKS


@cache
def known_words() -> frozenset[str]:
    """Return every word the lexicon knows or passes over, and the ordinary words of English."""
    known_lexicon: Lexicon = lexicon()
    return _vocabulary() | known_lexicon.filler | _ordinary_words()


def _repair(token: Token, *, named: bool) -> Token:
    word = _DRAWN_OUT.sub(_shortened, token.text)
    if word != token.text:
        return replace(token, text=word)
    if len(word) < _SHORTEST - 1 or not word.isascii() or not word.isalpha() or word in known_words():
        return token
    if any(word.removesuffix(ending) in known_words() for ending in ("s", "ing", "ed", "ly", "less", "es", "y")):
        return token
    distance = 1 if len(word) < _TWO_SLIPS else 2
    best = process.extractOne(word, _targets(named=named).get(word[0], ()), scorer=OSA.distance, score_cutoff=distance)
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
def _targets(*, named: bool) -> Mapping[str, tuple[str, ...]]:
    """Return the long lexicon words by first letter; of artists and genres alone for what may be a name."""
    targets: dict[str, list[str]] = {}
    proper = {word for words, entries in lexicon().phrases.items() if entries[0].kind in _PROPER for word in words}
    for word in sorted(proper if named else _vocabulary() | grammar("mistyped_denials")):
        if len(word) >= _SHORTEST and word.isalpha():
            targets.setdefault(word[0], []).append(word)
    return MappingProxyType({first: tuple(words) for first, words in targets.items()})


def _ordinary_words() -> frozenset[str]:
    """Return English words in common use, from SymSpell's frequency dictionary (82,765 words with their counts)."""
    file = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    rows = (line.split() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return frozenset(row[0] for row in rows if len(row[0]) > 2)
