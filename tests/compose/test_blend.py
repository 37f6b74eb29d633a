"""Blended styles."""

from __future__ import annotations

import pytest

from text2song.compose.blend import blended_style
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.style import load_style, style_names
from text2song.domain.request import CompositionRequest, GenreWeight


def test_one_style_stays_itself() -> None:
    assert blended_style(read_prompt(CompositionRequest("deep house"))) is load_style("house")


def test_the_heavier_style_leads_and_keeps_its_own_groove() -> None:
    context = read_prompt(CompositionRequest("x", genres=(GenreWeight("jazz", 1), GenreWeight("house", 3))))
    style = blended_style(context)
    assert style.name == "house"
    for table in ("tempo", "form", "groove", "palette", "mix"):
        assert style.table(table) == load_style("house").table(table)


@pytest.mark.parametrize("other", ["jazz", "metal", "reggae"])
def test_weighted_choices_are_mixed_by_weight(other: str) -> None:
    context = read_prompt(CompositionRequest("x", genres=(GenreWeight("pop", 3), GenreWeight(other, 1))))
    mixed, pop = blended_style(context).table("harmony"), load_style("pop").table("harmony")
    assert mixed != pop
    pools = [(mixed[key], pop[key]) for key in pop if mixed[key] != pop[key] and isinstance(mixed[key], list)]
    for pool, own in pools:
        weights = [weight for _, weight in pool]
        assert sum(weights) == pytest.approx(1.0)
        assert sum(weights[: len(own)]) == pytest.approx(0.75)


def test_any_two_styles_blend() -> None:
    for name in style_names():
        context = read_prompt(CompositionRequest("x", genres=(GenreWeight("pop", 1), GenreWeight(name, 2))))
        assert blended_style(context).name == name
