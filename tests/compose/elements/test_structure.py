"""Tests of the structure element."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.songs import context, structured

from text2song.compose.elements.form import sounding
from text2song.compose.elements.structure import StructureTooLongError
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind, UnifiedComposition
from text2song.domain.rational import Fraction

EDGES = {SectionKind.INTRO, SectionKind.OUTRO}
GOALS = {SectionKind.CHORUS, SectionKind.DROP}


def assert_length(song: UnifiedComposition, seconds: float) -> None:
    """The sound, ring-out included, is within one bar of what was asked."""
    length = song.time_signature.bar * 60 / song.tempo.bpm
    assert abs(sounding(song.bars, Fraction(seconds), length) - Fraction(seconds)) <= length


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seconds", [5.0, 12.0, 30.0, 60.0, 137.0, 240.0, 600.0])
def test_length_is_kept_in_every_style(style: str, seconds: float) -> None:
    song = structured(context(style, 3, seconds))
    assert_length(song, seconds)
    assert song.tempo.bpm == song.context.bpm


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("seconds", [30.0, 45.0, 60.0, 75.0, 90.0, 120.0, 180.0, 300.0])
def test_the_frame_stays_a_frame(style: str, seconds: float) -> None:
    for seed in range(4):
        sections = structured(context(style, seed, seconds)).sections
        goals = [section.bars for section in sections if section.kind in GOALS]
        long = int(load_style(style).table("form").get("outro", 8)) if seconds >= 150 else 8
        if sections[-1].kind is SectionKind.OUTRO:
            assert sections[-1].bars <= long
            assert seconds >= 100 or sections[-1].bars <= max(goals[-1:] or [sections[-2].bars])
        assert all(section.bars % 4 == 0 for section in sections[1:-1])


@pytest.mark.parametrize("style", style_names())
def test_a_minute_is_a_song(style: str) -> None:
    for seed in range(4):
        sections = structured(context(style, seed, 60.0)).sections
        body = [section for section in sections if section.kind not in EDGES]
        assert len(body) >= 2
        assert sum(section.bars for section in body) >= sum(section.bars for section in sections) / 2


@pytest.mark.parametrize("style", style_names())
def test_sections_follow_one_another_and_the_last_goal_is_the_peak(style: str) -> None:
    song = structured(context(style, 1, 150.0))
    names = [section.name for section in song.sections]
    assert len(set(names)) == len(names)
    for before, section in zip(song.sections, song.sections[1:], strict=False):
        assert section.start_bar == before.end_bar
    body = [section for section in song.sections if section.kind not in EDGES]
    top = max(song.sections, key=lambda section: section.energy)
    goals = [section for section in body if section.kind in {SectionKind.CHORUS, SectionKind.DROP}]
    assert top is (goals or body)[-1]
    assert song.sections[-1].kind is SectionKind.OUTRO
    assert song.sections[-1].energy < sum(section.energy for section in body) / len(body)


@pytest.mark.parametrize("metre", ["3/4", "6/8", "5/4", "7/8"])
def test_other_metres_keep_the_length(metre: str) -> None:
    song = structured(context("folk", 2, 75.0, metre=metre))
    assert_length(song, 75.0)


def test_the_sections_asked_for_are_the_sections() -> None:
    asked = replace(context("pop", 0, 90.0), structure=("intro", "chorus", "verse", "chorus", "outro"))
    assert [section.kind.value for section in structured(asked).sections] == list(asked.structure)


def test_more_sections_than_bars_is_refused() -> None:
    asked = replace(context("pop", 0, 5.0), structure=("verse", "chorus") * 8)
    with pytest.raises(StructureTooLongError) as caught:
        structured(asked)
    assert caught.value.field == "structure"


def test_the_energy_asked_for_is_followed() -> None:
    asked = replace(context("rock", 0, 120.0), energy=(1.0, 0.0))
    energies = [section.energy for section in structured(asked).sections]
    assert energies == sorted(energies, reverse=True)
    assert energies[0] > 0.8
    assert energies[-1] < 0.2


def test_excitement_raises_the_curve() -> None:
    calm = structured(replace(context("pop", 0, 120.0), arousal=-1.0))
    wild = structured(replace(context("pop", 0, 120.0), arousal=1.0))
    assert calm.sections[1].energy < wild.sections[1].energy


@pytest.mark.parametrize(
    ("metre", "bpm", "seconds"), [("15/2", 30, 5.0), ("2/16", 300, 120.0), ("11/8", 132, 90.0), ("4/4", 30, 5.0)]
)
def test_extreme_metres_and_tempi_still_make_a_song(metre: str, bpm: int, seconds: float) -> None:
    song = structured(context("pop", 1, seconds, metre=metre, bpm=bpm))
    assert song.bars >= 1
    assert_length(song, seconds)


def test_every_bar_has_its_energy() -> None:
    song = structured(replace(context("rock", 0, 120.0), energy=(0.0, 1.0, 0.2, 0.9, 0.1, 0.7, 0.3)))
    assert len(song.energy) == song.bars
    for section in song.sections:
        bars = song.energy[section.start_bar : section.end_bar]
        assert section.energy == pytest.approx(sum(bars) / len(bars), abs=1e-3)
    places = [(bar + 0.5) / song.bars * 6 for bar in range(song.bars)]
    wanted = [_between(song.context.energy, place) for place in places]
    assert max(abs(a - b) for a, b in zip(song.energy, wanted, strict=True)) < 0.06


def _between(points: tuple[float, ...], place: float) -> float:
    left = min(int(place), len(points) - 2)
    return points[left] + (points[left + 1] - points[left]) * (place - left)


@pytest.mark.parametrize("style", style_names())
def test_what_leads_on_rises_and_nothing_leaves_its_range(style: str) -> None:
    song = structured(context(style, 1, 180.0))
    assert len(song.energy) == song.bars
    assert all(0 <= energy <= 1 for energy in song.energy)
    for section in song.sections:
        bars = song.energy[section.start_bar : section.end_bar]
        assert list(bars) == sorted(bars)
        if section.kind is SectionKind.BUILD and section.bars > 2:
            assert bars[-1] > bars[0] + 0.05
