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
_HEARD = frozenset({Kind.INSTRUMENT, Kind.GENERIC, Kind.VOCALS})
_PROPER = frozenset({Kind.ARTIST, Kind.GENRE, Kind.HINT})
#: What is known of a word by the one before it: a unit behind a figure, a mode behind the letter of a key.
_UNITS = ("minute", "minutes", "second", "seconds")
_MODES = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian", "aeolian", "ionian")
_LETTER = re.compile(r"[a-g](?:#|b)?|sharp|flat")
_LEAST_UNIT = 6
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")


def repaired(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens with misspelt lexicon words corrected; ordinary English words are never touched."""
    tokens = [piece for token in tokens for piece in _parted(token)]
    words = [token for token in tokens if token.is_word]
    titled = sum(token.capital for token in words) > _TITLE_CASE * len(words)
    return tuple(
        _measured(tokens, index) or _repair(token, named=_is_name(tokens, index, titled=titled))
        for index, token in enumerate(tokens)
    )


def _measured(tokens: Sequence[Token], index: int) -> Token | None:
    """Return a mistyped unit or mode put right by the word before it: "3 mintues", "F# mionr"; else None."""
    word, before = tokens[index].text, tokens[index - 1].text if index else ""
    if before[:1].isdigit() and len(word) >= _SHORTEST and word[0] in "ms":
        best = process.extractOne(word, _UNITS, scorer=OSA.distance, score_cutoff=1 + (len(word) > _LEAST_UNIT))
    elif _LETTER.fullmatch(before) and len(word) >= _SHORTEST and not (before == "a" and word in _ordinary_words()):
        best = process.extractOne(word, _MODES, scorer=OSA.distance, score_cutoff=1 + (len(word) > _LEAST_UNIT))
    else:
        return None
    return None if best is None or best[1] == 0 else replace(tokens[index], text=best[0])


def _parted(token: Token) -> tuple[Token, ...]:
    """Return "nodrums" and "novocals", as tags have it, in two words; any other token as it is."""
    rest = token.text.removeprefix("no")
    if rest == token.text or len(rest) < _SHORTEST - 1 or token.end - token.start != len(token.text):
        return (token,)
    entries = lexicon().phrases.get((rest,), ())
    if token.text in known_words() or not _HEARD & {entry.kind for entry in entries}:
        return (token,)
    middle = token.start + 2
    return replace(token, text="no", end=middle), replace(token, text=rest, start=middle)


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


@cache
def _ordinary_words() -> frozenset[str]:
    """Return English words in common use, from SymSpell's frequency dictionary (82,765 words with their counts)."""
    file = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    rows = (line.split() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return frozenset(row[0] for row in rows if len(row[0]) > 2)
