"""One style out of several: weighted choices are mixed by weight, everything else stays the heaviest style's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from text2song.compose.style import Style, load_style
from text2song.domain.context import CompositionContext

#: Tables whose weighted lists may be mixed: pitch material crosses styles well, while a groove, a palette and the
#: idioms that belong to it fit together only as a set.
MIXED_TABLES = ("harmony", "melody")


def blended_style(context: CompositionContext) -> Style:
    """Return the style of the context: the heaviest genre's, with the other genres' harmony and melody mixed in.

    A weighted list is a list of `[option, weight]` pairs; the mixture's weights are each style's normalised weights
    times its share of the blend.
    """
    shares: dict[str, float] = {}
    for genre in context.genres:
        shares[genre.style] = shares.get(genre.style, 0.0) + genre.weight
    main = load_style(context.style)
    tables = dict(main.tables)
    for name in MIXED_TABLES:
        tables[name] = _mixed_table(
            [(load_style(style).table(name), share) for style, share in _main_first(shares, main)]
        )
    return main if len(shares) == 1 else Style(main.name, main.parents, MappingProxyType(tables))


def _main_first(shares: Mapping[str, float], main: Style) -> list[tuple[str, float]]:
    others = [(name, share) for name, share in shares.items() if name != main.name]
    return [(main.name, shares[main.name]), *others]


def _mixed_table(tables: list[tuple[Mapping[str, Any], float]]) -> dict[str, Any]:
    first, share = tables[0]
    mixed: dict[str, Any] = {}
    for key, value in first.items():
        rivals = [(table[key], weight) for table, weight in tables[1:] if key in table]
        mixed[key] = _mixed_value(value, share, rivals)
    return mixed


def _mixed_value(value: Any, share: float, rivals: list[tuple[Any, float]]) -> Any:
    if isinstance(value, Mapping):
        return _mixed_table(
            [(value, share), *((table, weight) for table, weight in rivals if isinstance(table, Mapping))]
        )
    if not _is_weighted(value):
        return value
    pools = [(value, share), *((pool, weight) for pool, weight in rivals if _is_weighted(pool))]
    return [pair for pool, weight in pools for pair in _scaled(pool, weight)]


def _is_weighted(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], int | float) for pair in value)


def _scaled(pool: list[list[Any]], share: float) -> list[list[Any]]:
    total = sum(weight for _, weight in pool)
    return [[option, share * weight / total] for option, weight in pool] if total > 0 else []
