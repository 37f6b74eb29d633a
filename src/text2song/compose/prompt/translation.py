"""Prompts in other European languages: their commonest musical words, read as the English ones."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from text2song.compose.prompt.text import Token

#: A prompt is taken for another language from this share of known words on …
_SHARE = 0.3
#: … and with at least this many, one of them too long to be an English word by chance ("sin", "con", "die").
_FEWEST, _TELLING = 2, 4


def translated(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], str]:
    """Return the tokens with known words in English and the language's BCP 47 tag; unchanged with "" if English."""
    words = [token.text for token in tokens if token.is_word]
    hits = {tag: [word for word in words if word in table] for tag, table in _tables().items()}
    tag = max(hits, key=lambda each: len(hits[each]))
    found = hits[tag]
    telling = any(len(word) >= _TELLING and _tables()[tag][word] != word for word in found)
    if len(found) < max(_FEWEST, _SHARE * len(words)) or not telling:
        return tuple(tokens), ""
    table = _tables()[tag]
    return tuple(replace(token, text=table.get(token.text, token.text)) for token in tokens), tag


@cache
def _tables() -> dict[str, dict[str, str]]:
    file = resources.files("text2song.compose.prompt").joinpath("lexicon", "foreign.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
