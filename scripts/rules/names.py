"""A module is named after what it holds; drawers for everything are not allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

_DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"})


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del root
    for source in product(sources):
        path = Path(source.path)
        for part in (*path.parts[:-1], path.stem):
            if part in _DRAWERS:
                yield Offence(source.path, 1, f"“{part}” says nothing about what is inside")


RULE = Rule("names", _check)
