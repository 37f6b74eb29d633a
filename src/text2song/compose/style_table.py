"""The page of all styles, docs/reference/styles.md, written from their files by `make golden`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from text2song.compose.elements.palette import NOBODY, PLACES
from text2song.compose.elements.patterns import grooves
from text2song.compose.style import Style, load_style, style_names
from text2song.domain.instruments import instrument

_HEAD = """# Styles

Written from `src/text2song/compose/styles/*.toml` by `make golden`; do not edit. A style inherits from its parent
whatever it does not say itself. Metres are those it is played in unless the words say otherwise, then those its drummer
has patterns of their own for; any metre can be asked for. Instruments are the likeliest of each place of its band.

| style | parent | beats a minute | metres | modes | instruments | form |
|---|---|---|---|---|---|---|
"""
#: How many modes a row names.
_MODES = 3


def styles_page() -> str:
    """Return the page as Markdown, one row a style in alphabetical order."""
    return _HEAD + "".join(f"| {' | '.join(_row(load_style(name)))} |\n" for name in style_names())


def _row(style: Style) -> tuple[str, ...]:
    tempo = style.table("tempo")
    parent = next((name for name in style.parents if not name.startswith("_")), "")
    return (
        f"`{style.name}` {style.table('style')['title']}",
        f"`{parent}`" if parent else "",
        f"{tempo['low']}–{tempo['high']}",
        ", ".join(metres_of(style)),
        ", ".join(_ranked(style.table("key")["modes"])[:_MODES]),
        ", ".join(_band(style.table("palette"))),
        _ranked(style.table("form")["forms"])[0],
    )


def metres_of(style: Style) -> tuple[str, ...]:
    """Return the style's own metre, then the others its grooves are made for."""
    own = str(style.table("metre").get("name", "4/4"))
    others = (metre for groove in grooves(str(style.table("groove")["library"])) for metre in groove.metres)
    return tuple(dict.fromkeys((own, *others)))


def _ranked(pool: list[list[Any]]) -> list[str]:
    return [str(value) for value, _ in sorted(pool, key=lambda row: -float(row[1]))]


def _band(palette: Mapping[str, Any]) -> list[str]:
    """Return the likeliest instrument of every place that is usually filled, each once."""
    first = [_ranked(palette[place])[0] for place in PLACES if palette.get(place) and place != "effects"]
    return list(dict.fromkeys(instrument(name).name for name in first if name != NOBODY))


if __name__ == "__main__":
    sys.stdout.write(styles_page())
