"""Tests of grace notes and double stops."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from tests.compose.elements.songs import context, pitched

from text2song.compose.decisions import Decisions
from text2song.compose.elements.graces import DOUBLE_STOPPERS, adorned
from text2song.domain.composition import PartPlan, Section, UnifiedComposition
from text2song.domain.instruments import catalogue
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Role

PLAN = PartPlan("lead", Role.LEAD, "violin", (), 55, 90)


def song() -> UnifiedComposition:
    return pitched(context("pop", 1, 60.0, key="C major"), sung=False)


def adorn(notes: list[Note], plan: PartPlan = PLAN, **table: Any) -> tuple[Note, ...]:
    made = song()
    return adorned(notes, (made, made.sections[0], plan), table, Decisions(3))


def tune(count: int = 16, length: int = 1) -> list[Note]:
    return [
        Note(Fraction(place * length), 72, Fraction(length), 90, why="verse/melody/motif") for place in range(count)
    ]


def test_a_style_without_ornaments_leaves_the_tune() -> None:
    assert adorn(tune()) == tuple(tune())


def test_a_voice_is_left_alone() -> None:
    plan = replace(PLAN, role=Role.VOCAL)
    assert adorn(tune(), plan, graces=1.0, double_stops=1.0) == tuple(tune())


@pytest.mark.parametrize(("side", "pitch"), [("below", 71), ("above", 74)])
def test_graces_come_before_the_beat_and_take_from_the_note_before(side: str, pitch: int) -> None:
    found = adorn(tune(length=2), graces=1.0, graces_from=side)
    graces = [note for note in found if note.why.endswith("/grace")]
    assert len(graces) >= 10
    assert {note.pitch for note in graces} == {pitch}
    assert all(before.start + before.duration <= after.start for before, after in pairwise(found))
    assert [note.start for note in found if note not in graces] == [note.start for note in tune(length=2)]
    # Before the first note of a section there is no room.
    assert graces[0].start > 0


def test_repeats_have_the_same_graces() -> None:
    found = adorn(tune(32), graces=0.5)
    graces = [note.start for note in found if note.why.endswith("/grace")]
    first = {start for start in graces if 0 < start < 15}
    assert {start + 16 for start in first} <= set(graces)


def test_short_notes_and_narrow_registers_have_none() -> None:
    short = [replace(note, duration=Fraction(1, 2)) for note in tune()]
    assert adorn(short, graces=1.0) == tuple(short)
    assert adorn(tune(), replace(PLAN, low=72, high=72), graces=1.0) == tuple(tune())


def test_double_stops_are_chord_tones_below_on_instruments_that_have_them() -> None:
    found = adorn(tune(), double_stops=1.0)
    doubles = [note for note in found if note.why.endswith("/double")]
    assert doubles
    made = song()
    for note in doubles:
        assert 55 <= note.pitch < 72
        span = next(span for span in made.harmony if span.start <= note.start < span.end)
        assert note.pitch % 12 in span.chord.pitch_classes
    assert adorn(tune(), replace(PLAN, instrument="flute"), double_stops=1.0) == tuple(tune())


def test_every_double_stopper_is_an_instrument() -> None:
    assert set(catalogue()) >= DOUBLE_STOPPERS


def test_the_place_of_an_ornament_is_the_section() -> None:
    made = song()
    section: Section = made.sections[1]
    start = made.section_start(section)
    notes = [replace(note, start=note.start + start) for note in tune(8, 2)]
    found = adorned(notes, (made, section, PLAN), {"graces": 1.0}, Decisions(3))
    assert min(note.start for note in found) == start
