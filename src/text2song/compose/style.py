"""Styles are data: one TOML file each, inheriting from a parent; this module reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from text2song.domain.errors import InvalidError


class UnknownStyleError(InvalidError):
    """There is no style file of that name."""

    slug = "unknown-style"


@dataclass(frozen=True, slots=True)
class Style:
    """One style with everything it inherits; each element reads its own table."""

    name: str
    #: Ancestors, nearest first.
    parents: tuple[str, ...]
    #: Tables by element name: "tempo", "form", "harmony", "melody", "groove", "bass", "accompaniment", "mix".
    tables: Mapping[str, Any]

    def table(self, name: str) -> Mapping[str, Any]:
        """Return one table; empty when neither the style nor its ancestors have it."""
        found = self.tables.get(name, {})
        return found if isinstance(found, Mapping) else {}


def style_names() -> tuple[str, ...]:
    """Return the names of all styles, in alphabetical order; names that begin with "_" are only inherited from."""
    folder = resources.files("text2song.compose").joinpath("styles")
    names = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(name for name in names if not name.startswith("_"))


@cache
def load_style(name: str) -> Style:
    """Return a style with its ancestors' tables merged under its own; raises `UnknownStyleError`."""
    file = resources.files("text2song.compose").joinpath("styles", f"{name}.toml")
    if not file.is_file():
        raise UnknownStyleError(f"“{name}” is not a style", field="genres", choices=style_names())
    own = tomllib.loads(file.read_text(encoding="utf-8"))
    parent_name = own.pop("parent", None)
    if parent_name is None:
        return Style(name, (), MappingProxyType(own))
    parent = load_style(parent_name)
    return Style(name, (parent.name, *parent.parents), MappingProxyType(_merged(parent.tables, own)))


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Merge table by table: a value or a list replaces, a table is merged."""
    result = dict(base)
    for key, value in own.items():
        under = result.get(key)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        result[key] = _merged(under, value) if both and isinstance(under, Mapping) else value
    return result
