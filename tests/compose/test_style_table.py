"""The page of styles says what the files say."""

from __future__ import annotations

from pathlib import Path

from text2song.compose.style import load_style, style_names
from text2song.compose.style_table import metres_of, styles_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "styles.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == styles_page(), "run `make golden`"


def test_every_style_has_a_row() -> None:
    rows = [line for line in styles_page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(style_names())
    assert all(row.count("|") == 8 for row in rows)


def test_a_waltz_is_in_three_and_a_jig_in_six() -> None:
    assert metres_of(load_style("waltz"))[0] == "3/4"
    assert metres_of(load_style("irishjig"))[0] == "6/8"
    assert "12/8" in metres_of(load_style("flamenco"))
