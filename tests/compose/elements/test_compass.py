"""Tests of where tunes lie."""

from __future__ import annotations

import pytest

from text2song.compose.elements.compass import lean_toward_goal, lowest_step, mean_of, moved
from text2song.domain.composition import PartPlan, SectionKind
from text2song.domain.score import Role
from text2song.domain.theory import Key


@pytest.mark.parametrize("tonic", range(12))
def test_the_lowest_note_leaves_the_compass_inside_the_register(tonic: int) -> None:
    key = Key(tonic, "minor")
    plan = PartPlan("lead", Role.LEAD, "flute", (), 60, 84)
    step = lowest_step(key, plan, 14)
    assert 60 <= key.pitch(step, -1) <= 70
    assert step % 7 in (0, 4)


def test_a_lift_keeps_the_degree_and_rises() -> None:
    b, c_sharp = Key(11), Key(1)
    step = 7 * 5
    assert moved(step, b, c_sharp) == step + 7
    assert c_sharp.pitch(moved(step, b, c_sharp), -1) - b.pitch(step, -1) == 2
    assert moved(step, Key(0), Key(2)) == step


@pytest.mark.parametrize("away", [Key(9, "minor"), Key(5), Key(0, "minor"), Key(3), Key(8)])
@pytest.mark.parametrize("home", [Key(0), Key(11), Key(0, "minor")])
def test_another_key_keeps_the_register(home: Key, away: Key) -> None:
    step = 7 * 5 + 4
    assert abs(away.pitch(moved(step, home, away), -1) - home.pitch(step, -1)) <= 2


def test_verses_lean_toward_their_distance_from_the_goal() -> None:
    verse = SectionKind.VERSE
    assert lean_toward_goal(verse, 66.0, {SectionKind.CHORUS: 72.0}) == 1
    assert lean_toward_goal(verse, 71.0, {SectionKind.CHORUS: 72.0}) == -1
    assert lean_toward_goal(verse, 68.5, {SectionKind.CHORUS: 72.0}) == 0
    assert lean_toward_goal(verse, 60.0, {}) == 0
    assert lean_toward_goal(SectionKind.BRIDGE, 60.0, {SectionKind.CHORUS: 72.0}) == 0


def test_the_mean_of_nothing() -> None:
    assert mean_of([]) == 0.0
    assert mean_of([60, 62]) == 61.0
