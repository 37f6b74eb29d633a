"""What songs can be made of: themes, what any song can say, and how genres speak; all of it data of our own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Any

_WORD = re.compile(r"[a-z]+")


@cache
def themes() -> Mapping[str, Mapping[str, Any]]:
    """Return all themes by name."""
    return _load("themes.toml")


@cache
def lines() -> Mapping[str, str]:
    """Return openings and tails for any song."""
    return _load("lines.toml")


def diction(styles: Sequence[str]) -> Mapping[str, Any]:
    """Return how a genre speaks: the default overlaid by the furthest ancestor first, the style itself last."""
    table = _load("diction.toml")
    found: dict[str, Any] = dict(table["default"])
    for name in reversed(styles):
        found.update(table.get(name, {}))
    return MappingProxyType(found)


def themes_of(theme: str, prompt: str) -> tuple[str, ...]:
    """Return the themes that words speak of, the plainest first; the whole prompt counts where it has no theme.

    >>> themes_of("sailing home", "")
    ('sea', 'homecoming')
    """
    said = _words(theme or prompt)
    scores = {name: sum(key in said for key in keys) for name, keys in _keys().items()}
    order = list(scores)
    best = sorted((name for name in order if scores[name]), key=lambda name: (-scores[name], order.index(name)))
    return tuple(best)


def _words(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    stems = [word.removesuffix("ing") for word in words if word.endswith("ing")]
    joined = [f"{one}-{two}" for one, two in pairwise(words)]
    return frozenset([*words, *(word.removesuffix("s") for word in words), *stems, *joined])


@cache
def _keys() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(dict.fromkeys(table["keys"].split())) for name, table in themes().items()})


@cache
def _load(name: str) -> Mapping[str, Any]:
    file = resources.files("text2song.compose.words.writer").joinpath(name)
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
