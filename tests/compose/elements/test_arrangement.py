from __future__ import annotations

import pytest
from tests.compose.elements.bands import PLAN, asked, band, composed
from tests.compose.elements.rhythm_rules import part_of, silent_before, texture

from text2song.compose.style import load_style, style_names
from text2song.domain.composition import PartPlan, SectionKind, UnifiedComposition
from text2song.domain.context import Vocals
from text2song.domain.instruments import instrument
from text2song.domain.score import Role
from text2song.domain.voices import voice

SEEDS = range(3)
BREATHLESS = [style for style in style_names() if load_style(style).table("groove")["dropout"] >= 0.4]
POWER = ("distorted_guitar", "overdriven_guitar")


def plan_of(song: UnifiedComposition, name: str) -> PartPlan:
    return next(plan for plan in song.arrangement if plan.name == name)


@pytest.mark.parametrize("style", style_names())
@pytest.mark.parametrize("sung", [True, False])
def test_every_song_has_six_parts_and_each_plays(style: str, sung: bool) -> None:
    for seed in SEEDS:
        song = band(style, seed, sung=sung)
        assert len(song.parts) >= 6
        assert [plan.name for plan in song.arrangement if plan.role is Role.VOCAL] == (["vocal"] if sung else [])
        for part in song.parts:
            # With a singer the lead only answers, which a short song may leave no room for.
            assert part.notes or (sung and part.role is Role.LEAD), part.name


@pytest.mark.parametrize("style", style_names())
def test_parts_keep_to_their_register_and_sections(style: str) -> None:
    for seed in SEEDS:
        song = band(style, seed)
        for plan in song.arrangement:
            info = instrument(plan.instrument)
            assert info.low <= plan.low < plan.high <= info.high
            if plan.role not in (Role.BASS, Role.DRUMS) and info.id not in POWER:
                assert plan.low >= 48, plan
            part = part_of(song, plan.name)
            if part is not None and plan.role not in (Role.DRUMS, Role.EFFECTS):
                assert all(plan.low <= note.pitch <= plan.high for note in part.notes), plan


@pytest.mark.parametrize("kind", ["male", "female", "choir", ""])
def test_singers_have_their_range(kind: str) -> None:
    song = composed(asked("pop", 0, 90, vocals=Vocals.SUNG, voice=kind), PLAN)
    plan = plan_of(song, "vocal")
    (sung,) = song.vocals
    singer = voice(sung.voice)
    assert singer.kind == kind or not kind
    assert ((plan.low, plan.high), plan.instrument) == (singer.tessitura, "voice_lead")
    kinds = {section.kind for section in song.sections if section.name in plan.sections}
    assert kinds <= {SectionKind.VERSE, SectionKind.PRECHORUS, SectionKind.CHORUS, SectionKind.BRIDGE}


def test_without_a_bass_the_chords_reach_down() -> None:
    deep = plan_of(composed(asked("jazz", 1, 40, without=("bass",)), PLAN), "chords")
    usual = plan_of(composed(asked("jazz", 1, 40), PLAN), "chords")
    assert deep.low == 40 < usual.low


def test_a_song_of_drops_is_sung_in_its_drops() -> None:
    song = composed(asked("house", 0, 60, vocals=Vocals.SUNG, structure=("intro", "drop", "outro")), PLAN)
    assert plan_of(song, "vocal").sections == ("drop.1",)


@pytest.mark.parametrize("style", style_names())
def test_something_changes_every_eight_bars(style: str) -> None:
    changed: list[bool] = []
    for seed in SEEDS:
        song = band(style, seed)
        for section in song.sections:
            if section.bars >= 16:
                starts = range(section.start_bar, section.end_bar - 15, 8)
                changed += [texture(song, bar, 8) != texture(song, bar + 8, 8) for bar in starts]
    assert all(changed)


@pytest.mark.parametrize(
    "style", [name for name in style_names() if load_style(name).table("groove")["dropout"] >= 0.4]
)
def test_the_band_holds_its_breath_before_a_chorus(style: str) -> None:
    for seed in SEEDS:
        song = band(style, seed)
        arrivals = [section for section in song.sections[1:] if section.kind in (SectionKind.CHORUS, SectionKind.DROP)]
        assert not arrivals or any(silent_before(song, section) for section in arrivals)


@pytest.mark.parametrize("metre", ["3/4", "6/8", "5/4", "7/8", "2/4", "9/8", "11/8"])
def test_every_metre_and_length_is_arranged(metre: str) -> None:
    for index, style in enumerate(style_names()):
        song = composed(asked(style, index, (8, 30, 70)[index % 3], metre=metre))
        for part in song.parts:
            for note in part.notes:
                assert 0 <= note.start < song.length
                assert note.start + note.duration <= song.length, (style, part.name)
                assert note.why


def test_some_introductions_quote_the_hook() -> None:
    quoting = []
    for seed in range(16):
        song = band("pop", seed)
        if song.sections[0].kind is SectionKind.INTRO:
            lead = part_of(song, "lead")
            assert lead is not None
            end = song.sections[0].end_bar * song.time_signature.bar
            quoting.append(any(note.start < end for note in lead.notes))
    assert 0.2 < sum(quoting) / len(quoting) < 0.9


def test_a_drawn_height_has_a_tune_and_its_drums_whatever_it_is_called() -> None:
    loud = composed(asked("house", 1, 90, structure=("intro", "breakdown", "drop"), energy=(1.0, 1.0, 0.2)))
    lead, drums = part_of(loud, "lead"), part_of(loud, "drums")
    assert lead is not None
    assert drums is not None
    for section in loud.sections[:2]:
        span = (loud.section_start(section), section.end_bar * loud.time_signature.bar)
        for part in (lead, drums):
            assert any(span[0] <= note.start < span[1] for note in part.notes), (section.name, part.name)
