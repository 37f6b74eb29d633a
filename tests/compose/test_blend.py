"""Blended styles."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.blend import WHOLE, blended_style, quotas, taken
from text2song.compose.decisions import Decisions
from text2song.compose.engine import compose
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.style import Style, load_style, style_names
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight

STYLES = style_names()


def _blend(first: str, second: str, share: float, seed: int = 0) -> tuple[Style, dict[str, str]]:
    request = CompositionRequest("x", seed, genres=(GenreWeight(first, share), GenreWeight(second, 1 - share)))
    decisions = Decisions(seed)
    style = blended_style(read_prompt(request), decisions)
    return style, taken(decisions.made)


def _song(first: str, second: str, share: float, seed: int = 0, seconds: float = 40.0) -> UnifiedComposition:
    genres = (GenreWeight(first, share), GenreWeight(second, 1 - share))
    return compose(CompositionRequest("x", seed, seconds, genres=genres, vocals=False))


def test_one_style_stays_itself() -> None:
    decisions = Decisions(0)
    assert blended_style(read_prompt(CompositionRequest("deep house")), decisions) is load_style("house")
    assert taken(decisions.made) == {}


def test_the_heavier_style_leads() -> None:
    for seed in range(6):
        style, _ = _blend("house", "jazz", 0.75, seed)
        assert style.name == "house"
        for table in ("tempo", "form", "key"):
            assert style.table(table) == load_style("house").table(table)


@pytest.mark.parametrize(("share", "count"), [(0.7, 5), (0.5, 4), (0.9, 6)])
def test_each_style_has_its_share_of_whole_elements(share: float, count: int) -> None:
    owners: Counter[str] = Counter()
    for seed in range(40):
        _, elements = _blend("techno", "jazz", share, seed)
        assert set(elements) == set(WHOLE)
        assert Counter(elements.values())["techno"] == count
        owners[elements["groove"]] += 1
    # No element always comes from one style, and the heavier has the groove more often.
    assert owners["jazz"] >= 1
    assert share == 0.5 or owners["techno"] > owners["jazz"]


@pytest.mark.parametrize("seed", range(8))
def test_an_element_is_taken_whole(seed: int) -> None:
    style, elements = _blend("metal", "bossanova", 0.5, seed)
    groove, bass = load_style(elements["groove"]), load_style(elements["bass"])
    assert style.table("groove") == groove.table("groove")
    assert style.table("bass") == bass.table("bass")
    for element, places in WHOLE.items():
        owner = load_style(elements[element])
        for place in places:
            assert style.table("palette").get(place) == owner.table("palette").get(place)
            assert style.table("accompaniment").get(place) == owner.table("accompaniment").get(place)
            assert style.table("mix").get(place) == owner.table("mix").get(place)
            assert style.table("palette")["enter"].get(place) == owner.table("palette")["enter"].get(place)


@pytest.mark.parametrize("other", ["jazz", "metal", "reggae"])
def test_weighted_choices_are_mixed_by_weight(other: str) -> None:
    style, _ = _blend("pop", other, 0.75)
    mixed, pop = style.table("harmony"), load_style("pop").table("harmony")
    assert mixed != pop
    pools = [(mixed[key], pop[key]) for key in pop if mixed[key] != pop[key] and isinstance(mixed[key], list)]
    for pool, own in pools:
        weights = [weight for _, weight in pool]
        assert sum(weights) == pytest.approx(1.0)
        assert sum(weights[: len(own)]) == pytest.approx(0.75)


def test_figures_are_averaged() -> None:
    style, _ = _blend("ambient", "metal", 0.6)
    ambient, metal = load_style("ambient").table("mix"), load_style("metal").table("mix")
    wanted = 0.6 * ambient["reverb_seconds"] + 0.4 * metal["reverb_seconds"]
    assert style.table("mix")["reverb_seconds"] == pytest.approx(wanted, abs=1e-3)


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4))
def test_quotas_are_fair(shares: list[float]) -> None:
    found = quotas(shares, 7)
    assert sum(found) == 7
    assert min(found) >= 0
    for share, count in zip(shares, found, strict=True):
        exact = share / sum(shares) * 7
        assert abs(count - exact) < 3
        assert share / sum(shares) < 0.1 or count >= 1


def test_the_song_says_which_style_each_element_took() -> None:
    song = _song("jazz", "techno", 0.5)
    elements = taken(song.provenance.decisions)
    assert sorted(Counter(elements.values()).values()) == [3, 4]
    assert set(elements.values()) == {"jazz", "techno"}
    drums = next(plan.instrument for plan in song.arrangement if plan.name == "drums")
    assert drums in [name for name, _ in load_style(elements["groove"]).table("palette")["drums"]]


def test_the_weights_are_heard() -> None:
    def electronic(share: float) -> float:
        songs = [_song("techno", "folk", share, seed, 20.0) for seed in range(6)]
        plans = [plan.instrument for song in songs for plan in song.arrangement]
        own = {name for place in load_style("techno").table("palette").values() for name in _names(place)}
        folk = {name for place in load_style("folk").table("palette").values() for name in _names(place)}
        return sum(name in own - folk for name in plans) / len(plans)

    much, half, little = (electronic(share) for share in (0.75, 0.5, 0.25))
    assert much > half > little > 0


def _names(place: object) -> list[str]:
    return [str(row[0]) for row in place if isinstance(row, list)] if isinstance(place, list) else []


@pytest.mark.parametrize("first", STYLES)
def test_any_two_styles_make_a_song(first: str) -> None:
    """Each style with four others, so that a whole run sees every style in many pairs."""
    place = STYLES.index(first)
    pairs = [pair for pair in combinations(STYLES, 2) if first in pair]
    for number, (one, other) in enumerate(pairs[place % 7 :: 7][:4]):
        song = _song(one, other, (0.5, 0.7)[number % 2], seed=number)
        assert len(song.parts) >= 6
        assert sum(bool(part.notes) for part in song.parts) >= 5
        assert len(taken(song.provenance.decisions)) == len(WHOLE)
