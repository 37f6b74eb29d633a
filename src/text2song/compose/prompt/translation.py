"""Prompts in other European languages: their commonest musical words, read as the English ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from text2song.compose.prompt.text import Token
from text2song.compose.prompt.typos import known_words

#: A prompt is taken for another language when this share of its words, and at least so many, are that language's own:
#: known in its table, read as something else in English, and no English words themselves ("sin", "con", "die" are).
_SHARE, _FEWEST, _SHORTEST = 0.2, 2, 3


def translated(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], str]:
    """Return the tokens with known words in English and the language's BCP 47 tag; unchanged with "" if English."""
    words = [token.text for token in tokens if token.is_word]
    telling = {tag: sum(_tells(word, table) for word in words) for tag, table in _tables().items()}
    tag = max(telling, key=lambda each: telling[each])
    if telling[tag] < max(_FEWEST, _SHARE * len(words)):
        return tuple(tokens), ""
    table = _tables()[tag]
    english = [
        replace(token, text=word) for token in tokens for word in table.get(token.text, token.text).casefold().split()
    ]
    return tuple(english), tag


def _tells(word: str, table: Mapping[str, str]) -> bool:
    own = len(word) >= _SHORTEST and table.get(word, word) != word
    return own and word not in known_words()


@cache
def _tables() -> dict[str, dict[str, str]]:
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", "foreign.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
