from __future__ import annotations

import pytest
from scipy.stats import spearmanr
from tests.compose.elements.bands import PLAN, asked, band, composed
from tests.compose.elements.rhythm_rules import layers, plays

from text2song.compose.elements.layers import rests
from text2song.compose.style import load_style, style_names
from text2song.domain.composition import SectionKind
from text2song.domain.score import Role

SEEDS = range(3)


@pytest.mark.parametrize("style", style_names())
def test_the_strongest_section_has_everybody_and_none_is_empty(style: str) -> None:
    for seed in SEEDS:
        song = band(style, seed)
        counts = {section.name: layers(song, section) for section in song.sections}
        peak = max(song.sections, key=lambda section: section.energy)
        steady = [plan for plan in song.arrangement if plan.role not in (Role.EFFECTS, Role.LEAD)]
        assert counts[peak.name] >= len(steady)
        assert min(counts.values()) >= 2


@pytest.mark.parametrize("style", style_names())
def test_quiet_sections_have_fewer_layers_than_the_peak(style: str) -> None:
    song = band(style, 1)
    weakest = min(song.sections, key=lambda section: section.energy)
    peak = max(song.sections, key=lambda section: section.energy)
    assert layers(song, weakest) < layers(song, peak)


def test_asked_instruments_are_heard_in_most_of_the_song() -> None:
    song = composed(asked("folk", 2, 120, instruments=("cello", "accordion")), PLAN)
    for plan in song.arrangement:
        if plan.instrument in ("cello", "accordion"):
            bars = sum(section.bars for section in song.sections if section.name in plan.sections)
            assert bars >= song.bars / 2, plan


def test_one_section_alone_has_the_whole_band() -> None:
    song = composed(asked("pop", 0, 6), PLAN)
    assert all(plan.sections for plan in song.arrangement)
    assert len(song.arrangement) >= 6


def test_a_flat_energy_curve_still_plays() -> None:
    song = composed(asked("rock", 0, 90, energy=(0.5, 0.5, 0.5)), PLAN)
    assert all(layers(song, section) >= 3 for section in song.sections)


def test_a_breakdown_is_without_drums_where_the_style_says_so() -> None:
    for style, drums in (("house", False), ("metal", True)):
        asked_for = asked(style, 1, 120, structure=("intro", "verse", "breakdown", "chorus"))
        song = composed(asked_for, PLAN)
        (section,) = (section for section in song.sections if section.kind is SectionKind.BREAKDOWN)
        assert plays(song, "drums", section) is drums


def test_risers_lead_into_choruses_only() -> None:
    song = band("house", 1)
    (plan,) = (plan for plan in song.arrangement if plan.role is Role.EFFECTS)
    following = {before.name: after for before, after in zip(song.sections, song.sections[1:], strict=False)}
    assert plan.sections
    assert all(following[name].kind in (SectionKind.CHORUS, SectionKind.DROP) for name in plan.sections)


@pytest.mark.parametrize("style", style_names())
def test_a_drawn_curve_moves_the_band_inside_its_sections(style: str) -> None:
    curve = (0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9)
    song = composed(asked(style, 1, 120, energy=curve))
    found = rests(song, load_style(style))
    bars = range(song.bars)
    playing = [
        sum(
            any(
                section.name in plan.sections for section in song.sections if section.start_bar <= bar < section.end_bar
            )
            and not any(span.first <= bar < span.last for span in found.get(plan.name, ()))
            for plan in song.arrangement
        )
        for bar in bars
    ]
    assert min(playing) >= 2
    assert spearmanr([song.energy[bar] for bar in bars], playing).statistic > 0.5
    for name, spans in found.items():
        starts = [note.start for part in song.parts if part.name == name for note in part.notes]
        bar = song.time_signature.bar
        assert not any(span.first * bar <= start < span.last * bar for span in spans for start in starts)


def test_a_curve_of_the_style_makes_nobody_pause() -> None:
    assert rests(composed(asked("pop", 1, 90), PLAN), load_style("pop")) == {}
