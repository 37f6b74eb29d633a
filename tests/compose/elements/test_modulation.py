"""Tests of the keys of a song's sections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compose.elements.songs import context, structured

from text2song.compose.decisions import Decisions
from text2song.compose.elements.modulation import Journey, journey
from text2song.compose.style import Style, load_style
from text2song.domain.composition import SectionKind
from text2song.domain.theory import Key


def travelling(lift: float, excursion: float, seed: int, key: str = "C major") -> tuple[Journey, list[SectionKind]]:
    pop = load_style("pop")
    tables = {**pop.tables, "harmony": {**pop.table("harmony"), "lift": lift, "excursion": excursion}}
    song = structured(context("pop", seed, 220.0, key=key))
    return journey(song, Style("pop", pop.parents, tables), Decisions(seed)), [s.kind for s in song.sections]


@pytest.mark.parametrize("seed", range(5))
def test_a_song_that_stays_has_one_key_and_no_change(seed: int) -> None:
    found, _ = travelling(0.0, 0.0, seed)
    assert set(found.keys) == {Key(0)}
    assert found.changes(structured(context("pop", seed, 220.0, key="C major"))) == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_lift_lasts_to_the_end_and_comes_late(seed: int) -> None:
    found, kinds = travelling(1.0, 1.0, seed)
    lifted = [place for place, key in enumerate(found.keys) if key != Key(0)]
    if lifted and kinds[lifted[0]] is SectionKind.CHORUS:
        assert lifted == list(range(lifted[0], len(kinds)))
        assert {found.keys[place].tonic for place in lifted} <= {1, 2}


@pytest.mark.parametrize("key", ["C major", "C minor"])
def test_bridges_go_to_neighbours_and_only_bridges(key: str) -> None:
    away: set[Key] = set()
    for seed in range(12):
        found, kinds = travelling(0.0, 1.0, seed, key)
        for kind, there in zip(kinds, found.keys, strict=True):
            if there != Key.parse(key):
                assert kind is SectionKind.BRIDGE
                away.add(there)
    assert len(away) >= 2
    scale = set(Key.parse(key).scale)
    # Near keys share most of their notes.
    assert all(len(scale & set(there.scale)) >= 4 for there in away)


def test_church_modes_stay_at_home() -> None:
    found, _ = travelling(0.0, 1.0, 1, "C dorian")
    assert set(found.keys) == {Key.parse("C dorian")}


def test_changes_say_where_a_key_begins_and_ends() -> None:
    for seed in range(12):
        found, kinds = travelling(0.0, 1.0, seed)
        if len(set(found.keys)) == 1:
            continue
        song = structured(context("pop", seed, 220.0, key="C major"))
        first, last = found.changes(song)
        bridge = song.sections[kinds.index(SectionKind.BRIDGE)]
        assert first.start == song.section_start(bridge)
        assert last.key == Key(0)
        assert last.start > first.start
        return
    pytest.fail("no bridge went away")


@pytest.mark.parametrize("seed", range(5))
def test_a_change_of_key_comes_where_it_is_asked_for_and_not_where_it_is_denied(seed: int) -> None:
    for words, changes in ((("key change",), True), (("no key change",), False)):
        song = structured(replace(context("pop", seed, 220.0, key="C major"), production=words))
        tables = {**load_style("pop").tables, "harmony": {"lift": 0.0 if changes else 1.0, "excursion": 1.0}}
        found = journey(song, Style("pop", (), tables), Decisions(seed))
        assert (found.keys[-1] != Key(0) or found.keys[-2] != Key(0)) is changes
        assert (set(found.keys) == {Key(0)}) is not changes
