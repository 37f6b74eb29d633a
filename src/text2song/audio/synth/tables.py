"""TOML rows as arguments of frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def frozen_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with every list as a tuple, at any depth.

    >>> frozen_row({"ratios": [1, 2]})
    {'ratios': (1, 2)}
    """
    return {key: _frozen(value) for key, value in row.items()}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
