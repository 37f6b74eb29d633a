"""Letter-to-sound rules for English words that no lexicon has.

Ordered rules with a left and a right context, the form of Elovitz et al. ("Automatic Translation of English Text to
Phonetics by Means of Letter-to-Sound Rules", 1976); the rules themselves, in letters.toml, are our own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

#: What the shorthand of the rules stands for.
_V, _C = "[aeiouy]", "[bcdfghjklmnpqrstvwxz]"
_LONG = "(?:[bcdfghjklmnpqrstvwz](?:[aeiouy]+[bcdfghjklmnpqrstvwxz]*$)|[bcdfgpkt][rl](?:[aeiou]C*$))"

_FIRST, _SILENT_E = re.compile("[aeiouy]"), re.compile("[bcdfghjklmnpqrstvwxz]e[sd]?$")


@dataclass(frozen=True, slots=True)
class _Rule:
    before: re.Pattern[str]
    letters: str
    after: re.Pattern[str]
    sounds: tuple[str, ...]
    #: Whether it lengthens a vowel: only the first of a word is long before one consonant and a vowel.
    lengthens: bool = False


def letter_sounds(word: str) -> tuple[str, ...]:
    """Return the sounds of a word of the letters a–z, vowels without stress; other letters are silent.

    >>> letter_sounds("paperclip")
    ('P', 'AE', 'P', 'ER', 'K', 'L', 'IH', 'P')
    """
    found: list[str] = []
    place = 0
    while place < len(word):
        rule = _rule_at(word, place)
        if rule is None:
            place += 1
            continue
        found.extend(rule.sounds)
        place += len(rule.letters)
    return tuple(found)


@cache
def spelling_table() -> Mapping[str, Any]:
    """Return letters.toml."""
    text = resources.files("text2song.compose.words").joinpath("letters.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


def _rule_at(word: str, place: int) -> _Rule | None:
    for rule in _rules().get(word[place], ()):
        end = place + len(rule.letters)
        fits = (
            word.startswith(rule.letters, place) and rule.before.search(word[:place]) and rule.after.match(word[end:])
        )
        if fits and not (rule.lengthens and _FIRST.search(word[:place]) and not _SILENT_E.match(word[end:])):
            return rule
    return None


@cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    tables = spelling_table()["rules"]
    return MappingProxyType({letter: tuple(map(_rule, text.split("\n")[:-1])) for letter, text in tables.items()})


def _rule(line: str) -> _Rule:
    context, sounds = line.split(" =")
    before, letters, after = context.split("/")
    return _Rule(
        re.compile(f"(?:{_pattern(before)})$" if before else ""),
        letters,
        re.compile(_pattern(after)),
        tuple(sounds.split()),
        after == "L",
    )


def _pattern(text: str) -> str:
    return text.replace("L", _LONG).replace("V", _V).replace("C", _C)
