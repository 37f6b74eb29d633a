"""Weighted pools as the style files write them: lists of [value, weight]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from text2song.compose.decisions import Decisions


@dataclass(frozen=True, slots=True)
class Pool:
    """Options with as many weights, ready for `Decisions.decide`."""

    options: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, decisions: Decisions, path: str) -> str:
        """Return one option, recorded under `path`."""
        return decisions.decide(path, self.options, self.weights)


def read_pool(table: Mapping[str, Any], key: str) -> Pool | None:
    """Return the pool under `key`, or None where the table has none."""
    rows = table.get(key)
    if not rows:
        return None
    return Pool(tuple(str(value) for value, _ in rows), tuple(float(weight) for _, weight in rows))
