from collections import Counter

import pytest

from text2song.compose.blend import blended_style
from text2song.compose.decisions import Decisions
from text2song.compose.elements.patterns import table
from text2song.compose.elements.singers import delivery_of, habits, is_duet, lead_voice, partner_of, sibling_of
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.style import load_style, style_names
from text2song.domain.context import CompositionContext
from text2song.domain.request import CompositionRequest
from text2song.domain.voices import voice, voices


def context_of(prompt: str, seed: int) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt, seed=seed), Decisions(seed))


def _lead(prompt: str, seed: int = 1) -> str:
    context = context_of(prompt, seed)
    return lead_voice(context, blended_style(context, Decisions(seed)), Decisions(seed)).id


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("opera aria, soprano, dramatic", {"soprano"}),
        ("outlaw country about whiskey, baritone voice", {"baritone"}),
        ("pop song with female vocals", {"soprano", "alto"}),
        ("rock song, male vocals", {"tenor", "baritone"}),
        ("country song sung by a choir", {"choir"}),
    ],
)
def test_the_wished_voice_sings(prompt: str, wanted: set[str]) -> None:
    assert {_lead(prompt, seed) for seed in range(12)} <= wanted


def test_a_denied_voice_is_no_wish() -> None:
    assert len({_lead("pop song, no soprano please, with vocals", seed) for seed in range(40)}) > 2


def test_unasked_voices_vary_with_the_seed_and_lean_to_the_style() -> None:
    metal = Counter(_lead("metal song with vocals", seed) for seed in range(60))
    assert len(metal) >= 2
    assert metal["baritone"] + metal["tenor"] > metal["soprano"]


@pytest.mark.parametrize(
    ("prompt", "delivery"),
    [
        ("metal song", "metal"),
        ("soul ballad", "soul"),
        ("hip hop with a rapper", "hiphop"),
        ("pop song with breathy vocals", "breathy"),
        ("folk song sung by a choir", "choral"),
        ("opera aria, soprano", "opera"),
    ],
)
def test_the_genre_or_the_words_decide_how_it_is_sung(prompt: str, delivery: str) -> None:
    context = context_of(prompt, 1)
    assert delivery_of(context, blended_style(context, Decisions(1))) == delivery


def test_every_row_names_known_voices_and_every_style_has_its_habits() -> None:
    rows = {name: row for name, row in table("idioms", "vocals").items() if name != "words"}
    for row in rows.values():
        assert {name for name, _ in row.get("voices", [])} <= set(voices())
        assert all(steps not in (0, 1, -1) for steps, _ in row.get("harmonies", []))
    for name in style_names():
        context = context_of(name, 1)
        assert habits(context, load_style(name))["voices"]


def test_duets_pair_different_kinds() -> None:
    assert is_duet(context_of("acoustic folk duet about leaving home", 1))
    assert not is_duet(context_of("acoustic folk song", 1))
    for info in voices().values():
        if info.kind in ("female", "male"):
            assert partner_of(info).kind != info.kind
            assert sibling_of(info).kind == info.kind
            assert sibling_of(info) != info
    assert sibling_of(voice("choir")).id == "choir"


def test_the_words_to_sing_do_not_say_how_to_sing_them() -> None:
    context = read_prompt(
        CompositionRequest("soft folk song. Lyrics: he came screaming down the road\na duet of fools")
    )
    assert delivery_of(context, load_style("folk")) != "metal"
    assert not is_duet(context)
    assert delivery_of(read_prompt(CompositionRequest("screaming folk song")), load_style("folk")) == "metal"
