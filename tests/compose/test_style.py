"""Every style under the same rules: it is whole, it is itself, and it makes songs of any length."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.compose.elements.songs import context, structured

import text2song
from text2song.compose.elements.palette import NOBODY, PLACES
from text2song.compose.elements.patterns import Idiom, idioms
from text2song.compose.engine import compose
from text2song.compose.style import Style, UnknownStyleError, load_style, style_names
from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Role
from text2song.domain.theory import MODES, Key, TimeSignature

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
#: Styles to be had at least.
STYLES_LEAST = 44
CHILDREN = [name for name in style_names() if any(not parent.startswith("_") for parent in load_style(name).parents)]


def song_of(style: str, seed: int, seconds: float) -> UnifiedComposition:
    genres = (GenreWeight(style),)
    return compose(CompositionRequest(style, seed=seed, duration_seconds=seconds, genres=genres, vocals=False))


def parent_of(style: Style) -> Style:
    return load_style(next(name for name in style.parents if not name.startswith("_")))


def test_the_founding_styles_are_there() -> None:
    assert set(FOUNDING) <= set(style_names())
    assert len(style_names()) >= STYLES_LEAST
    assert not [name for name in style_names() if name.startswith("_")]


@pytest.mark.parametrize("name", style_names())
def test_every_style_reaches_the_root_and_has_every_table(name: str) -> None:
    style = load_style(name)
    assert name not in style.parents
    assert style.parents[-1] == "_base"
    for table in ("style", "tempo", "key", "metre", "form", "harmony", "melody"):
        assert style.table(table), table
    assert style.table("tempo")["low"] <= style.table("tempo")["usual"] <= style.table("tempo")["high"]
    TimeSignature.parse(style.table("metre")["name"])
    for tonic, _ in style.table("key").get("tonics", []):
        Key.parse(tonic)


@cache
def _source() -> str:
    root = Path(text2song.__file__).parent
    return "".join(
        file.read_text(encoding="utf-8") for name in ("compose", "domain") for file in root.rglob(f"{name}/**/*.py")
    )


@pytest.mark.parametrize("name", style_names())
def test_no_style_says_what_nobody_reads(name: str) -> None:
    own = _own(name)
    assert set(own) <= {*_own("_base"), "parent"}
    for table, row in own.items():
        if isinstance(row, Mapping):
            assert not [key for key in row if not re.search(rf"[\"']{key}[\"']", _source())], table
    assert {mode for mode, _ in load_style(name).table("key")["modes"]} <= set(MODES)


def test_titles_are_different() -> None:
    titles = [load_style(name).table("style")["title"] for name in style_names()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", CHILDREN)
def test_a_style_is_not_its_parent_under_another_name(name: str) -> None:
    style, parent = load_style(name), parent_of(load_style(name))
    assert _share_of_common_players(style, parent) <= 0.75
    if style.table("palette")["drums"]:
        assert _beat(style) != _beat(parent)
    assert style.table("accompaniment") != parent.table("accompaniment") or style.table("bass") != parent.table("bass")


@pytest.mark.parametrize("name", style_names())
def test_every_idiom_a_style_names_has_somebody_to_play_it(name: str) -> None:
    style = load_style(name)
    library = {idiom.name: idiom for idiom in idioms("accompaniment")}
    for place, rows in style.table("accompaniment").items():
        band = [each for each, _ in style.table("palette").get(place, []) if each != NOBODY]
        # A child may leave a place empty, or to instruments that go by the general idioms.
        fitting = [row[0] for row in rows if not band or any(_plays(each, library[row[0]]) for each in band)]
        assert fitting or place in ("pad", "counter"), place


@pytest.mark.parametrize("name", style_names())
def test_drummers_play_drums_and_nobody_else_does(name: str) -> None:
    for place, rows in load_style(name).table("palette").items():
        if place not in PLACES:
            continue
        for player, weight in rows:
            assert weight > 0
            if player != NOBODY:
                drum = instrument(player).percussion or instrument(player).family in ("percussion", "drums")
                assert drum is (PLACES[place] is Role.DRUMS), (place, player)


@pytest.mark.parametrize("name", style_names())
@pytest.mark.parametrize("seed", range(2))
def test_every_style_makes_songs(name: str, seed: int) -> None:
    song = song_of(name, seed, 70.0)
    tempo = load_style(name).table("tempo")
    assert song.context.style == name
    assert tempo["low"] <= song.tempo.bpm <= tempo["high"]
    assert len(song.parts) >= 6
    assert all(part.notes for part in song.parts)
    assert {part.role for part in song.parts} >= {Role.BASS, Role.LEAD, Role.CHORDS}


@pytest.mark.parametrize("name", style_names())
@pytest.mark.parametrize("seconds", [20.0, 60.0, 150.0, 240.0])
def test_its_forms_fit_any_length(name: str, seconds: float) -> None:
    style = load_style(name)
    metre = style.table("metre")["name"]
    song = structured(context(name, 3, seconds, metre=metre))
    bar = float(song.time_signature.bar) * 60 / float(song.tempo.bpm)
    assert abs(song.bars * bar - seconds) <= max(bar, 0.02 * seconds) + 1e-6
    kinds = {slot.partition(":")[0] for form, _ in style.table("form")["forms"] for slot in form.split()}
    assert {section.kind.value for section in song.sections} <= kinds
    assert all(1 <= section.bars <= 32 for section in song.sections)


def test_a_child_keeps_what_it_does_not_change() -> None:
    child = next(style for style in map(load_style, style_names()) if style.parents)
    parent = load_style(child.parents[0])
    assert set(parent.tables) <= set(child.tables)


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(UnknownStyleError) as caught:
        load_style("polka-core")
    assert "pop" in caught.value.choices


def _own(name: str) -> dict[str, Any]:
    file = resources.files("text2song.compose").joinpath("styles", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _plays(player: str, idiom: Idiom) -> bool:
    info = instrument(player)
    return not idiom.players or info.family in idiom.players or info.id in idiom.players


def _beat(style: Style) -> tuple[str, str]:
    """Return what tells two drummers apart: their library, and the metre that chooses in it."""
    return str(style.table("groove")["library"]), str(style.table("metre")["name"])


def _share_of_common_players(style: Style, parent: Style) -> float:
    """Return how much of the band is likely the parent's, 0..1: the common weight of each place, averaged."""
    shares = []
    for place in PLACES:
        here, there = (_weights(each.table("palette").get(place, [])) for each in (style, parent))
        if here:
            shares.append(sum(min(weight, there.get(name, 0.0)) for name, weight in here.items()))
    return sum(shares) / len(shares)


def _weights(rows: list[list[Any]]) -> dict[str, float]:
    total = sum(float(weight) for _, weight in rows)
    return {str(name): float(weight) / total for name, weight in rows}
