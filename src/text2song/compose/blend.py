"""One style out of several, element by element.

What fits together only as a set (a groove with its kit and timing, a bass with its lines, a place of the band with its
instruments and figures) is taken whole from one style; how many elements each style gets is its share of the blend,
and which ones is drawn and recorded. Pitch material crosses styles well, so weighted lists of harmony and melody are
mixed by weight, and figures (how long, how dense, how bright) are averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.style import Style, load_style
from text2song.domain.composition import Decision
from text2song.domain.context import CompositionContext

#: Tables whose weighted lists and figures are mixed.
MIXED_TABLES = ("harmony", "melody")
#: Elements that are taken whole, and the places of the band that belong to each.
WHOLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "groove": ("drums", "percussion", "effects"),
        "bass": ("bass",),
        "chords": ("chords",),
        "lead": ("lead",),
        "pad": ("pad",),
        "arpeggio": ("arpeggio",),
        "counter": ("counter",),
    }
)
#: Tables that belong to one element alone.
_OWN_TABLE = MappingProxyType({"groove": "groove", "bass": "bass"})
#: Tables of the palette that speak of single places.
_BY_PLACE = ("enter", "register")
#: A style with this share of the blend has at least one whole element.
_HEARD = 0.1
_PATH = "blend/"


def blended_style(context: CompositionContext, decisions: Decisions) -> Style:
    """Return the style of the context: the heaviest genre's, with elements and material of the other genres.

    Form, tempo and key stay the heaviest style's. Which style each element came from is decided under "blend/…";
    `taken` reads it back.
    """
    shares: dict[str, float] = {}
    for genre in context.genres:
        shares[genre.style] = shares.get(genre.style, 0.0) + genre.weight
    main = load_style(context.style)
    if len(shares) == 1:
        return main
    styles = [(load_style(name), share) for name, share in _main_first(shares, main)]
    tables = dict(main.tables)
    for name in MIXED_TABLES:
        tables[name] = _mixed_table([(style.table(name), share) for style, share in styles])
    tables["mix"] = _mixed_table([(style.table("mix"), share) for style, share in styles])
    owners = _owners(styles, decisions)
    for element, owner in owners.items():
        if element in _OWN_TABLE:
            tables[_OWN_TABLE[element]] = owner.table(_OWN_TABLE[element])
    tables["palette"] = _palette(main, owners)
    tables["accompaniment"] = _placed(main.table("accompaniment"), owners, "accompaniment")
    tables["mix"] = _placed(tables["mix"], owners, "mix")
    return Style(main.name, main.parents, MappingProxyType(tables))


def taken(decisions: Sequence[Decision]) -> dict[str, str]:
    """Return which style each element of a blend was taken from; empty for a song of one style."""
    return {made.path.removeprefix(_PATH): made.choice for made in decisions if made.path.startswith(_PATH)}


def quotas(shares: Sequence[float], count: int) -> list[int]:
    """Return how many of `count` elements each share of a blend gets: largest remainders, a tenth heard at least once.

    >>> quotas([0.7, 0.3], 7), quotas([0.5, 0.5], 7), quotas([0.88, 0.12], 7)
    ([5, 2], [4, 3], [6, 1])
    """
    total = sum(shares)
    exact = [share / total * count for share in shares]
    found = [int(each) for each in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: (found[place] - exact[place], place))
    for place in by_rest[: count - sum(found)]:
        found[place] += 1
    for place, share in enumerate(shares):
        if share / total >= _HEARD and not found[place]:
            found[found.index(max(found))] -= 1
            found[place] = 1
    return found


def _owners(styles: Sequence[tuple[Style, float]], decisions: Decisions) -> dict[str, Style]:
    """Draw the style of each element, so that the whole song has each style's number of them."""
    left = quotas([share for _, share in styles], len(WHOLE))
    by_name = {style.name: style for style, _ in styles}
    # Whoever writes one part anew asks again for what the song has decided.
    known = taken(decisions.made)
    found = {}
    for element in WHOLE:
        name = known.get(element) or decisions.decide(_PATH + element, tuple(by_name), [float(one) for one in left])
        left[list(by_name).index(name)] -= 1
        found[element] = by_name[name]
    return found


def _palette(main: Style, owners: Mapping[str, Style]) -> dict[str, Any]:
    palette = _placed(main.table("palette"), owners, "palette")
    for table in _BY_PLACE:
        mixed = dict(main.table("palette").get(table, {}))
        for element, owner in owners.items():
            own = owner.table("palette").get(table, {})
            for place in WHOLE[element]:
                mixed.pop(place, None)
                mixed |= {place: own[place]} if place in own else {}
        palette[table] = mixed
    return palette


def _placed(table: Mapping[str, Any], owners: Mapping[str, Style], name: str) -> dict[str, Any]:
    """Return a table with what it says of each place replaced by the place's owner's word."""
    found = dict(table)
    for element, owner in owners.items():
        own = owner.table(name)
        for place in WHOLE[element]:
            found.pop(place, None)
            found |= {place: own[place]} if place in own else {}
    return found


def _main_first(shares: Mapping[str, float], main: Style) -> Iterator[tuple[str, float]]:
    yield main.name, shares[main.name]
    yield from ((name, share) for name, share in shares.items() if name != main.name)


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
    if _is_figure(value):
        figures = [(value, share), *((other, weight) for other, weight in rivals if _is_figure(other))]
        mean = sum(figure * weight for figure, weight in figures) / sum(weight for _, weight in figures)
        return round(mean) if all(isinstance(figure, int) for figure, _ in figures) else round(mean, 4)
    if not _is_weighted(value):
        return value
    pools = [(value, share), *((pool, weight) for pool, weight in rivals if _is_weighted(pool))]
    return [pair for pool, weight in pools for pair in _scaled(pool, weight)]


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_weighted(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], int | float) for pair in value)


def _scaled(pool: list[list[Any]], share: float) -> list[list[Any]]:
    total = sum(weight for _, weight in pool)
    return [[option, share * weight / total] for option, weight in pool] if total > 0 else []
