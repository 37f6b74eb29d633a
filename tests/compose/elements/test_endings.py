"""Tests of the choice of an ending."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from tests.compose.elements.bands import asked

from text2song.compose.decisions import Decisions
from text2song.compose.elements.endings import chosen_ending, ending_of, fade_beats, slows
from text2song.compose.elements.patterns import table
from text2song.compose.elements.steps import bars_of
from text2song.compose.elements.structure import StructureElement
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import FADE, RING, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.rational import Fraction
from text2song.domain.score import TempoMap
from text2song.domain.theory import TimeSignature

METRES = ("4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8", "9/8", "11/8")
#: Styles whose records usually fade, and styles in which a fade would be a mistake.
FADING = ("disco", "reggae", "dub", "vaporwave", "synthwave", "lofi", "ambient")
NEVER = ("march", "polka", "punk", "classical", "ragtime", "blues", "techno", "gospel", "metal")


def _chosen(context: CompositionContext, bars: int = 40) -> str:
    return chosen_ending(context, load_style(context.style), bars, Decisions(context.seed))


def _kinds(style: str) -> Counter[str]:
    return Counter(_chosen(asked(style, seed)) for seed in range(60))


@pytest.mark.parametrize("style", style_names())
def test_every_style_names_endings_that_there_are(style: str) -> None:
    for name, weight in load_style(style).table("form")["endings"]:
        assert name in (RING, FADE) or ending_of(name) is not None
        assert weight > 0


@pytest.mark.parametrize("name", sorted(table("idioms", "endings")["ending"]))
@pytest.mark.parametrize("metre", METRES)
def test_every_ending_is_written_in_steps_that_fit_every_metre(name: str, metre: str) -> None:
    ending = ending_of(name)
    assert ending is not None
    parsed = TimeSignature.parse(metre)
    bars = bars_of(ending.band, parsed)
    assert any(bars)
    assert all(step.start + step.duration <= parsed.bar for bar in bars for step in bar)
    for pattern in (*ending.drums.values(), *([ending.tune] if ending.tune else [])):
        assert bars_of(pattern, parsed)


def test_styles_end_in_their_own_ways() -> None:
    assert all(_kinds(style)[FADE] for style in FADING)
    assert not any(_kinds(style)[FADE] for style in NEVER)
    assert all("stop" in name for name in _kinds("punk"))
    assert set(_kinds("polka")) == {"stinger", "button"}
    assert "amen" in _kinds("gospel")
    assert len(_kinds("funk")) > 1


def test_what_the_words_ask_for_comes_before_the_style() -> None:
    for style in ("march", "punk", "ambient"):
        assert _chosen(asked(style, production=("fade-out",))) == FADE
        assert _chosen(asked(style, production=("big finish",))) == "big finish"
        assert "stop" in _chosen(asked(style, production=("abrupt ending",)))
    assert _chosen(asked("techno", production=("abrupt ending",))) == "machine stop"
    assert _chosen(asked("polka", production=("dusty",))) in ("stinger", "button")


def test_a_curve_that_was_asked_for_is_not_faded_away_unless_the_words_say_so() -> None:
    rising = (0.2, 0.6, 1.0)
    assert all(_chosen(asked("vaporwave", seed, energy=rising)) == RING for seed in range(20))
    assert _chosen(asked("vaporwave", energy=rising, production=("fade-out",))) == FADE


def test_what_is_too_short_for_an_ending_rings() -> None:
    assert _chosen(asked("punk"), bars=7) == RING
    assert _chosen(asked("pop", production=("fade-out",)), bars=8) == RING


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("bpm", [50, 90, 128, 174, 220])
def test_a_fade_is_of_whole_bars_and_six_to_twelve_seconds(metre: str, bpm: int) -> None:
    context = replace(asked("disco", metre=metre), bpm=Fraction(bpm))
    beats = fade_beats(context, 64)
    assert beats % context.time_signature.bar == 0
    assert 6 <= float(beats * 60 / bpm) <= 12


def test_only_an_ending_that_may_slow_does() -> None:
    context = asked("lullaby", seconds=90.0)
    song = StructureElement().generate(
        UnifiedComposition(context, context.time_signature, TempoMap.constant(context.bpm)),
        load_style("lullaby"),
        Decisions(1),
    )
    assert all(slows(replace(song, ending=name)) for name in (RING, "rolled chord", "amen"))
    assert not any(slows(replace(song, ending=name)) for name in (FADE, "stop on one", "button"))


@pytest.mark.parametrize("style", FADING)
def test_a_fade_that_is_not_wanted_is_none(style: str) -> None:
    wanted = [_chosen(asked(style, seed, 180.0)) for seed in range(12)]
    unwanted = [_chosen(asked(style, seed, 180.0, production=("no fade-out",))) for seed in range(12)]
    assert FADE in wanted
    assert FADE not in unwanted
