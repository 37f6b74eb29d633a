from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.compose.elements.bands import PLAN, asked, band, composed
from tests.compose.elements.rhythm_rules import part_of

from text2song.compose.decisions import Decisions
from text2song.compose.elements.changes import Changes
from text2song.compose.elements.figures import Hand
from text2song.compose.elements.longnotes import HOLD_BARS, counter_line, sustained
from text2song.compose.elements.patterns import idioms
from text2song.domain.composition import PartPlan, UnifiedComposition
from text2song.domain.score import Role
from text2song.domain.theory import MODES


def hand(song: UnifiedComposition, name: str, role: Role, low: int, high: int) -> Hand:
    idiom = next(found for found in idioms("accompaniment") if found.name == name)
    plan = PartPlan(str(role), role, "strings", tuple(section.name for section in song.sections), low, high)
    return Hand(song, plan, idiom, Changes(song))


@pytest.mark.parametrize("style", ["pop", "jazz", "ambient"])
def test_pads_cover_the_section_without_a_hole(style: str) -> None:
    song = composed(asked(style, 2, 60), PLAN)
    bar = song.time_signature.bar
    for section in song.sections:
        notes = sustained(hand(song, "held pad", Role.PAD, 57, 79), section, 0)
        assert min(note.start for note in notes) == section.start_bar * bar
        assert max(note.start + note.duration for note in notes) == section.end_bar * bar
        assert max(note.duration for note in notes) <= HOLD_BARS * bar
        for position in range(int(section.start_bar * bar), int(section.end_bar * bar)):
            sounding = {note.pitch for note in notes if note.start <= position < note.start + note.duration}
            assert len(sounding) >= 3


def test_common_tones_are_one_note() -> None:
    song = composed(asked("pop", 2, 60), PLAN)
    section = max(song.sections, key=lambda section: section.bars)
    notes = sustained(hand(song, "held pad", Role.PAD, 57, 79), section, 0)
    bar = song.time_signature.bar
    spans = Changes(song).between(section.start_bar * bar, section.end_bar * bar)
    assert len(notes) < 4 * len(spans)


@pytest.mark.parametrize("style", ["pop", "cinematic", "folk"])
def test_counter_lines_are_smooth_and_in_harmony(style: str) -> None:
    song = composed(asked(style, 3, 60), PLAN)
    changes, key = Changes(song), song.context.key
    scale = {(key.tonic + step) % 12 for step in MODES[key.mode]}
    for section in song.sections:
        notes = counter_line(hand(song, "guide tones", Role.COUNTER, 60, 84), section, 0, Decisions(3))
        moves = [abs(after.pitch - before.pitch) for before, after in pairwise(notes)]
        assert all(move <= 7 for move in moves)
        assert all(before.start + before.duration == after.start for before, after in pairwise(notes))
        for note in notes:
            assert note.pitch % 12 in {*changes.at(note.start).chord.pitch_classes, *scale}


def test_risers_end_where_the_chorus_begins() -> None:
    song = band("house", 1)
    effects = part_of(song, "effects")
    assert effects is not None
    starts = {song.section_start(section) for section in song.sections}
    assert all(note.start + note.duration in starts for note in effects.notes)


@pytest.mark.parametrize("seed", range(4))
def test_counter_lines_step_in_the_key_that_sounds(seed: int) -> None:
    song = composed(asked("kpop", seed, 200, production=("key change",)), PLAN)
    assert song.keys
    changed = song.keys[-1]
    section = next(section for section in song.sections if song.section_start(section) == changed.start)
    idiom = next(idiom for idiom in idioms("accompaniment") if idiom.technique == "line")
    plan = PartPlan("counter", Role.COUNTER, "violin", (section.name,), 60, 84)
    loud = replace(song, energy=(1.0,) * song.bars)
    changes = Changes(loud)
    notes = counter_line(Hand(loud, plan, idiom, changes), section, 0, Decisions(seed))
    scale = {(changed.key.tonic + step) % 12 for step in MODES[changed.key.mode]}
    steps = [note for note in notes if note.pitch % 12 not in changes.at(note.start).chord.pitch_classes]
    assert steps
    assert {note.pitch % 12 for note in steps} <= scale
