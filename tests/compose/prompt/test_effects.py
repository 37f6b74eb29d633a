"""Effects of production, asked for and denied."""

from __future__ import annotations

import pytest

from text2song.compose.elements.patterns import table
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.understanding import understand
from text2song.domain.context import CompositionContext, Source, Vocals
from text2song.domain.instruments import catalogue
from text2song.domain.request import CompositionRequest

#: Done by other means than a row of production.toml: by the band, and by nothing having it.
_OTHERWISE = {"no distortion", "no auto-tune"}


def read(prompt: str) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt))


@pytest.mark.parametrize(
    ("prompt", "production"),
    [
        ("house, no reverb", "no reverb"),
        ("house, zero reverb", "no reverb"),
        ("piano, very dry, without any reverb", "no reverb"),
        ("dub without the echo effect", "no echo"),
        ("lofi, no vinyl crackle", "no crackle"),
        ("deep house, no sidechain", "no pumping"),
        ("vaporwave, leave out the wow and flutter", "no tape"),
        ("pop, no fade out", "no fade-out"),
        ("power ballad, no key change please", "no key change"),
        ("hip hop, don't make it so bassy", "less bass"),
        ("rock, not too much reverb", "dry"),
        ("pop ballad, no key change at the end", "no key change"),
        ("disco, don't fade it out at the end", "no fade-out"),
        ("vaporwave without tape hiss", "no crackle"),
        ("string quartet, no compression", "dynamic"),
    ],
)
def test_a_denied_effect_is_turned_off(prompt: str, production: str) -> None:
    context = read(prompt)
    assert production in context.production
    assert context.sources["production"].source is Source.WORDS
    assert context.not_understood == ()


@pytest.mark.parametrize("prompt", ["dub with reverb and delay", "lofi with vinyl crackle", "pop that fades out"])
def test_an_effect_asked_for_is_not_turned_off(prompt: str) -> None:
    assert [name for name in read(prompt).production if name.startswith("no ")] == []


def test_what_is_denied_is_among_what_is_left_out() -> None:
    answer = understand(CompositionRequest("synthwave, no reverb, no auto-tune"))
    assert {"reverb", "auto-tune"} <= set(answer["without"])


def test_no_autotune_denies_no_singer() -> None:
    assert read("hyperpop with a female singer, no autotune").vocals is Vocals.SUNG
    assert "vocals" not in understand(CompositionRequest("hyperpop, no autotune"))["without"]


def test_guitars_are_clean_where_distortion_is_denied() -> None:
    metal = read("metal with guitars, without distortion")
    assert "distorted_guitar" in metal.without
    assert metal.instruments == ("clean_guitar",)
    assert read("heavy guitars but not distorted").instruments == ("clean_guitar",)
    asked = read("metal with distorted guitar and no distortion on the bass")
    assert "distorted_guitar" in asked.instruments


@pytest.mark.parametrize(
    ("prompt", "word"),
    [("lofi with birdsong", "birdsong"), ("no flanger", "flanger")],
)
def test_what_the_engine_has_nothing_for_is_said(prompt: str, word: str) -> None:
    assert word in read(prompt).not_understood


def test_every_denial_has_an_effect() -> None:
    words = lexicon().words
    known = set(table("idioms", "production")) | _OTHERWISE
    for name in ("denied_production", "lessened_production"):
        assert set(words[name]) <= set(words["production"])
        for instead, *silent in words[name].values():
            assert instead in known
            assert set(silent) <= set(catalogue())
    assert set(words["unheard"]["production"]) <= set(words["production"]) - set(table("idioms", "production"))


def test_what_is_denied_implies_no_production() -> None:
    assert "waltz" not in read("not a waltz, 4/4 please").production
    assert "ballad" in read("a ballad").production
