"""Tests of motifs."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from text2song.compose.elements.motif import (
    breathing,
    cadence,
    read_rhythm,
    read_shape,
    shaped,
    varied,
)
from text2song.compose.style import load_style, style_names
from text2song.domain.rational import Fraction

BAR = Fraction(4)


def test_rests_move_time_on_without_a_note() -> None:
    assert read_rhythm(["r2 2 4", "8"]) == (
        (Fraction(1, 2), Fraction(1, 2)),
        (Fraction(1), Fraction(1)),
        (Fraction(2), Fraction(2)),
    )
    assert read_rhythm(["4"], Fraction(1, 2)) == ((Fraction(0), Fraction(1, 2)),)


def test_an_outline_is_stretched_to_the_rhythm() -> None:
    motif = shaped(read_rhythm(["2 2 2 2 2 2 2 2"]), read_shape("0 4 0"))
    steps = [tone.step for tone in motif]
    assert len(steps) == 8
    assert steps.index(max(steps)) in (3, 4)
    assert steps[0] == steps[-1] == min(steps)


def test_one_note_takes_an_outline_too() -> None:
    assert len(shaped(read_rhythm(["16"]), (0, 2))) == 1


@pytest.mark.parametrize("breath", [Fraction(1, 2), Fraction(1), Fraction(2), Fraction(7, 2)])
@pytest.mark.parametrize("text", ["4 4 4 4", "r8 8", "16", "2 2 2 2 2 2 2 2", "r12 4"])
def test_a_cadence_leaves_its_breath_and_ends_on_the_plan_height(text: str, breath: Fraction) -> None:
    motif = cadence(read_rhythm([text]), (2, 1, 0), BAR, breath, Fraction(1))
    last = motif[-1]
    assert last.step == 0
    assert last.offset + last.duration <= BAR - breath
    assert all(first.offset + first.duration <= second.offset for first, second in itertools.pairwise(motif))


def test_breathing_shortens_only_the_end() -> None:
    motif = shaped(read_rhythm(["4 4 8"]), (0, 1, 2))
    cut = breathing(motif, BAR, Fraction(1))
    assert cut[:2] == motif[:2]
    assert cut[-1].duration == 1
    assert breathing((), BAR, Fraction(1)) == ()


@pytest.mark.parametrize("variation", ["split", "merge", "delay"])
def test_variations_keep_the_bar_and_change_the_rhythm(variation: str) -> None:
    motif = shaped(read_rhythm(["4 4 4 4"]), (0, 1, 2, 0))
    changed = varied(motif, variation, BAR)
    assert [tone.offset for tone in changed] != [tone.offset for tone in motif]
    assert changed[-1].offset + changed[-1].duration == BAR
    assert all(tone.duration > 0 for tone in changed)
    assert varied(motif, "", BAR) == motif


@pytest.mark.parametrize("style", style_names())
def test_every_rhythm_of_every_style_fills_its_length(style: str) -> None:
    for length, rows in load_style(style).table("melody")["rhythms"].items():
        for text, weight in rows:
            assert sum(int(word.lstrip("r")) for word in text.split()) == int(length), text
            assert weight > 0


@pytest.mark.parametrize("variation", ["split", "merge", "delay", "invert", "tail", "fragment", "augment", "double"])
@pytest.mark.parametrize("text", ["4 4 4 4", "r8 8", "16", "2 2 2 2 2 2 2 2", "3 3 2 4 4", "r2 2 4 2 2 4"])
@pytest.mark.parametrize("bar", [Fraction(4), Fraction(7, 2), Fraction(5), Fraction(3)])
def test_any_variation_of_any_motif_is_in_order_inside_its_bar(variation: str, text: str, bar: Fraction) -> None:
    motif = tuple(
        replace(tone, duration=min(tone.duration, bar - tone.offset))
        for tone in shaped(read_rhythm([text]), (0, 2, 1))
        if tone.offset < bar
    )
    changed = varied(motif, variation, bar)
    assert changed
    assert all(before.offset + before.duration <= after.offset for before, after in itertools.pairwise(changed))
    assert all(tone.duration > 0 for tone in changed)
    assert changed[-1].offset + changed[-1].duration <= bar


def steps(variation: str) -> list[int]:
    return [tone.step for tone in varied(shaped(read_rhythm(["4 4 4 4"]), (0, 1, 2, 0)), variation, BAR)]


def test_what_is_done_to_an_outline() -> None:
    plain = steps("")
    assert steps("invert") == [2 * plain[0] - step for step in plain]
    assert steps("tail")[:3] == plain[:3]
    assert steps("tail")[3] - plain[2] == plain[2] - plain[3]
    assert steps("fragment") == [*plain[:2], plain[0] + 1, plain[1] + 1]


def test_augmentation_doubles_and_doubling_divides() -> None:
    motif = shaped(read_rhythm(["2 2 4 8"]), (0, 1, 2, 1))
    assert [tone.offset for tone in varied(motif, "augment", BAR)] == [0, 1, 2]
    assert len(varied(motif, "double", BAR)) > len(motif)
    assert varied((), "invert", BAR) == ()
