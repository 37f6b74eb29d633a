"""Tests of choosing melodic material."""

from __future__ import annotations

from statistics import mean

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.material import Material, Pace
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

KINDS = (SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS, SectionKind.BRIDGE, SectionKind.OUTRO)
COMMON = TimeSignature(4, 4)


def material(style: str, seed: int = 0, bpm: float = 110.0, metre: TimeSignature = COMMON) -> Material:
    return Material(load_style(style), Decisions(seed), Pace(metre, 60 / bpm), KINDS)


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seed", range(3))
def test_verse_and_chorus_have_different_rhythms(style: str, seed: int) -> None:
    made = material(style, seed)
    verse, chorus = (made.theme(kind).motifs["a"] for kind in (SectionKind.VERSE, SectionKind.CHORUS))
    assert [tone.offset for tone in verse] != [tone.offset for tone in chorus]


def test_hints_quote_the_hook() -> None:
    made = material("pop")
    assert made.goal is SectionKind.CHORUS
    assert made.theme(SectionKind.INTRO).motifs["a"] == made.theme(made.goal).motifs["a"]


def test_a_theme_is_made_once() -> None:
    made = material("pop")
    assert made.theme(SectionKind.VERSE) is made.theme(SectionKind.VERSE)


def test_each_kind_is_decided_apart() -> None:
    plain = Material(load_style("pop"), Decisions(3), Pace(COMMON, 0.5), KINDS)
    moved = Material(load_style("pop"), Decisions(3, reseeds={"verse/melody": 99}), Pace(COMMON, 0.5), KINDS)
    assert plain.theme(SectionKind.CHORUS) == moved.theme(SectionKind.CHORUS)


@pytest.mark.parametrize("bpm", [60, 90, 120, 170])
def test_the_pace_of_words_follows_time_not_tempo(bpm: int) -> None:
    lengths = []
    for seed in range(12):
        motif = material("pop", seed, bpm).theme(SectionKind.VERSE).motifs["a"]
        lengths.append(240 / bpm / len(motif))
    assert 0.18 <= mean(lengths) <= 0.5


@pytest.mark.parametrize(("bpm", "bars"), [(180, 4), (100, 2), (50, 1)])
def test_no_breath_is_longer_than_eight_seconds(bpm: int, bars: int) -> None:
    assert Pace(COMMON, 60 / bpm).breath_bars == bars


@pytest.mark.parametrize("bpm", [40, 100, 240])
def test_a_breath_takes_its_time(bpm: int) -> None:
    breath = Pace(COMMON, 60 / bpm).breath
    assert float(breath) * 60 / bpm >= 0.35
    assert (2 * breath).denominator == 1


@pytest.mark.parametrize("metre", ["3/4", "6/8", "5/4", "7/8", "9/8", "2/4", "11/8"])
def test_motifs_fill_other_metres(metre: str) -> None:
    signature = TimeSignature.parse(metre)
    motif = material("folk", 1, metre=signature).theme(SectionKind.VERSE).motifs["a"]
    assert motif[-1].offset + motif[-1].duration <= signature.bar
    assert motif[-1].offset >= signature.bar * Fraction(1, 3)


@pytest.mark.parametrize("style", style_names())
def test_a_returning_verse_keeps_its_question_and_answers_anew(style: str) -> None:
    made = material(style)
    first, second, third = (made.returning(SectionKind.VERSE, time) for time in (1, 2, 3))
    assert first is made.theme(SectionKind.VERSE)
    assert second.plan[:-1] == first.plan[:-1]
    assert second.reply[0] == first.reply[0]
    assert second.reply != first.reply
    assert third.reply[-1].fresh


def test_a_returning_verse_develops_its_motif() -> None:
    turns = {
        cell.variation
        for seed in range(12)
        for cell in material("pop", seed).returning(SectionKind.VERSE, 2).reply
        if cell.fresh
    }
    assert {"invert", "tail", "fragment"} <= turns


def test_a_returning_chorus_is_the_chorus() -> None:
    made = material("pop")
    assert made.returning(SectionKind.CHORUS, 3) is made.theme(SectionKind.CHORUS)


def test_a_pickup_leaves_time_to_breathe() -> None:
    for bpm in (60, 90, 120, 170):
        pace = Pace(COMMON, 60 / bpm)
        for seed in range(8):
            pickup = material("folk", seed, bpm).theme(SectionKind.VERSE).pickup
            assert sum(float(duration) for _, duration in pickup) * 60 / bpm <= pace.spare_seconds
            assert len(pickup) <= 3
