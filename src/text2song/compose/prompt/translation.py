"""Prompts in other European languages: their commonest musical words, read as the English ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.text import Token
from text2song.compose.prompt.typos import known_words

#: A prompt is taken for another language when this share of its words, and at least so many, are that language's own:
#: known in its table, read as something else in English, and no English words themselves ("sin", "con", "die" are).
_SHARE, _FEWEST, _SHORTEST = 0.2, 2, 3

_DENYING = frozenset({"without", "no", "not"})
_ARTICLES = frozenset({"a", "the", "of"})


def translated(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], str]:
    """Return the tokens with known words in English and the language's BCP 47 tag; unchanged with "" if English."""
    words = [token.text for token in tokens if token.is_word]
    telling = {tag: len(_telling(tokens, table)) for tag, table in _tables().items()}
    tag = max(telling, key=lambda each: telling[each])
    if telling[tag] < max(_FEWEST, _SHARE * len(words)):
        return _with_denials(tokens), ""
    table = _tables()[tag]
    english = [
        replace(token, text=word) for token in tokens for word in table.get(token.text, token.text).casefold().split()
    ]
    return tuple(english), tag


def _with_denials(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Put only the denials into English: "dark techno ohne Gesang" remains an English prompt."""
    english = list(tokens)
    for table in _tables().values():
        for no, thing in _denials(tokens, table):
            for index in range(no, thing + 1):
                english[index] = replace(tokens[index], text=table.get(tokens[index].text, "the").casefold())
    return tuple(english)


def _denials(tokens: Sequence[Token], table: Mapping[str, str]) -> list[tuple[int, int]]:
    """Return where a language's word for "without" or "no" stands before its word for a sound."""
    found: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if table.get(token.text) not in _DENYING or token.text in _DENYING:
            continue
        ahead = range(index + 1, min(index + 3, len(tokens)))
        thing = next((each for each in ahead if table.get(tokens[each].text) not in {*_ARTICLES, None}), None)
        if thing is not None and _is_sound(table[tokens[thing].text]):
            found.append((index, thing))
    return found


def _is_sound(word: str) -> bool:
    kinds = {entry.kind for entry in lexicon().phrases.get((word.casefold(),), ())}
    return bool(kinds & {Kind.INSTRUMENT, Kind.GENERIC, Kind.VOCALS}) or word == "words"


def _telling(tokens: Sequence[Token], table: Mapping[str, str]) -> set[int]:
    """Return the tokens that speak for a language; a denial of a sound counts once ("sin batería")."""
    words = {index for index, token in enumerate(tokens) if token.is_word and _tells(token.text, table)}
    denials = _denials(tokens, table)
    return words.difference(no for no, _ in denials).union(thing for _, thing in denials)


def _tells(word: str, table: Mapping[str, str]) -> bool:
    own = len(word) >= _SHORTEST and table.get(word, word) != word
    return own and word not in known_words()


@cache
def _tables() -> dict[str, dict[str, str]]:
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", "foreign.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
