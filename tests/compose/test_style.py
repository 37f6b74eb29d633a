import pytest

from text2song.compose.style import UnknownStyleError, load_style, style_names

FOUNDING = [
    "pop",
    "rock",
    "lofi",
    "house",
    "synthwave",
    "hiphop",
    "jazz",
    "ambient",
    "folk",
    "reggae",
    "cinematic",
    "metal",
]


def test_the_founding_styles_are_there() -> None:
    assert set(FOUNDING) <= set(style_names())
    assert not [name for name in style_names() if name.startswith("_")]


@pytest.mark.parametrize("name", style_names())
def test_every_style_reaches_the_root_and_has_every_table(name: str) -> None:
    style = load_style(name)
    assert name not in style.parents
    for table in ("style", "tempo", "key", "metre", "form", "harmony", "melody"):
        assert style.table(table), table
    assert style.table("tempo")["low"] <= style.table("tempo")["usual"] <= style.table("tempo")["high"]


def test_a_child_keeps_what_it_does_not_change() -> None:
    child = next(style for style in map(load_style, style_names()) if style.parents)
    parent = load_style(child.parents[0])
    assert set(parent.tables) <= set(child.tables)


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(UnknownStyleError) as caught:
        load_style("polka-core")
    assert "pop" in caught.value.choices
