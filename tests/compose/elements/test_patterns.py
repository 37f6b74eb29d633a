from __future__ import annotations

from importlib import resources

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed

from text2song.compose.elements.kit import LEVELS
from text2song.compose.elements.patterns import GROUPS, fills, grooves, idioms, suits, table
from text2song.compose.elements.steps import bars_of
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind
from text2song.domain.instruments import catalogue
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

FOUR = TimeSignature(4, 4)
FILES = sorted(
    entry.name.removesuffix(".toml")
    for entry in resources.files("text2song.compose").joinpath("grooves").iterdir()
    if entry.name not in ("fills.toml", "kits.toml", "places.toml")
)


def test_every_kind_of_section_has_a_group() -> None:
    assert set(GROUPS) == set(SectionKind)


@pytest.mark.parametrize("name", FILES)
def test_every_lane_of_every_groove_is_playable(name: str) -> None:
    keys = table("grooves", "kits")["keys"]
    for groove in grooves(name):
        for lanes in (groove.lanes, groove.turn):
            for lane, steps in lanes.items():
                assert lane in keys, (groove.name, lane)
                for bar in bars_of(steps, FOUR, bars=groove.bars):
                    assert {step.symbol for step in bar} <= set(LEVELS), (groove.name, lane)


@pytest.mark.parametrize("style", style_names())
def test_every_style_finds_its_library_with_a_groove_for_each_group(style: str) -> None:
    pool = grooves(load_style(style).table("groove")["library"])
    for group in set(GROUPS.values()) - {"build"}:
        assert any(group in groove.groups for groove in pool), group


@pytest.mark.parametrize("style", style_names())
def test_every_style_names_only_idioms_fills_and_instruments_that_exist(style: str) -> None:
    found = load_style(style)
    above = {idiom.name for idiom in idioms("accompaniment")}
    below = {idiom.name for idiom in idioms("bass")}
    assert any(found.table("groove")["fills"] in fill.groups for fill in fills())
    assert {row[0] for rows in found.table("accompaniment").values() for row in rows} <= above
    assert {row[0] for key in ("calm", "lively") for row in found.table("bass")[key]} <= below
    for place, rows in found.table("palette").items():
        if isinstance(rows, list) and place != "opening":
            assert {row[0] for row in rows} <= {*catalogue(), "none"}, place


def test_every_idiom_reads_as_a_pattern() -> None:
    for idiom in (*idioms("accompaniment"), *idioms("bass")):
        for steps in {idiom.steps, idiom.lively} - {""}:
            assert bars_of(steps, FOUR, bars=idiom.bars), idiom.name


def test_usual_places_name_catalogued_families_and_instruments() -> None:
    usual = table("grooves", "places")
    assert set(usual["family"]) >= {info.family for info in catalogue().values()}
    assert set(usual["instrument"]) <= set(catalogue())
    assert {name for rows in usual["spare"].values() for name, _ in rows} <= set(catalogue())


def test_patterns_made_for_a_metre_keep_to_it() -> None:
    waltzes = [groove for groove in grooves("folk") if groove.metres == ("3/4",)]
    assert waltzes
    assert all(suits(groove, "3/4") and not suits(groove, "4/4") for groove in waltzes)
    assert any(suits(groove, "7/8") for groove in grooves("folk"))


def test_a_waltz_is_played_as_one() -> None:
    song = composed(asked("folk", 1, 40, metre="3/4"), WRITTEN)
    drums = song.part("drums").notes
    kicks = [note.start % 3 for note in drums if note.pitch == 36 and note.why.endswith("groove")]
    assert kicks.count(Fraction(0)) / len(kicks) > 0.6
    assert {note.why.rpartition("/")[2] for note in song.part("chords").notes} == {"waltz strum"}
