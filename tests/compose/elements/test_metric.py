"""Tests of grooves written in uneven metres."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed

from text2song.compose.elements.metric import metric_grooves
from text2song.compose.elements.pace import paced
from text2song.compose.elements.patterns import GROUPS
from text2song.compose.elements.steps import bars_of
from text2song.compose.engine import compose
from text2song.compose.metre import STRONG, group_starts, level
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest, GenreWeight
from text2song.domain.score import Role
from text2song.domain.theory import TimeSignature

FAMILIES = ("rock", "metal", "pop", "folk", "electronic", "techno", "jazz", "latin")


METRES = ("5/4 (3+2)", "5/4 (2+3)", "7/8 (2+2+3)", "7/8 (3+2+2)", "7/8 (2+3+2)")


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_groove_for_every_place_and_kicks_where_the_groups_begin(family: str, metre: str) -> None:
    signature = TimeSignature.parse(metre)
    found = metric_grooves(family, signature)
    assert {group for groove in found for group in groove.groups} == set(GROUPS.values())
    for groove in found:
        for pattern in (*groove.lanes.values(), *groove.turn.values()):
            assert bars_of(pattern, signature)
        kicks = {step.start for step in bars_of(groove.lanes["kick"], signature)[0]}
        strong = {
            at for eighth in range(int(signature.bar * 2)) if level(at := Fraction(eighth, 2), signature) >= STRONG
        }
        assert len(strong) >= 2
        assert strong <= kicks
        assert paced(groove, 0.5) is groove


def test_even_metres_and_unknown_families_have_none() -> None:
    assert metric_grooves("rock", TimeSignature()) == ()
    assert metric_grooves("hands", TimeSignature(7, 8)) == ()


def test_a_metre_that_names_no_groups_is_played_in_the_usual_ones() -> None:
    assert metric_grooves("rock", TimeSignature(7, 8)) == metric_grooves("rock", TimeSignature(7, 8, (2, 2, 3)))
    assert metric_grooves("rock", TimeSignature(7, 8)) != metric_grooves("rock", TimeSignature(7, 8, (3, 2, 2)))


@pytest.mark.parametrize("metre", ["7/8 (2+2+3)", "7/8 (3+2+2)", "7/8 (2+3+2)", "9/8 (2+2+2+3)", "5/8 (2+3)"])
@pytest.mark.parametrize("style", ["balkan", "rock", "folk"])
def test_the_whole_band_counts_in_the_groups(style: str, metre: str) -> None:
    request = CompositionRequest(
        "a song", seed=4, duration_seconds=50.0, genres=(GenreWeight(style),), time_signature=metre, vocals=False
    )
    song = compose(request)
    signature = TimeSignature.parse(metre)
    assert song.time_signature == song.context.time_signature == signature
    starts = group_starts(signature)
    heard: dict[str, Counter[Fraction]] = {}
    for part in song.parts:
        beaten = [note for note in part.notes if part.role is not Role.DRUMS or note.pitch in range(35, 41)]
        heard.setdefault(part.role.value, Counter()).update(note.start % signature.bar for note in beaten)
    bass, kit = heard["bass"], heard["drums"]
    # The bass begins every group about as often as the bar, and more often than places inside one.
    assert all(bass[start] >= 0.8 * bass[Fraction(0)] for start in starts)
    inside = [bass[at] for at in bass if at not in starts] or [0]
    assert sum(bass[start] for start in starts) / len(starts) > sum(inside) / len(inside)
    # Kick and snare share the beginnings among them.
    assert all(kit[start] >= 0.5 * kit[Fraction(0)] for start in starts)


@pytest.mark.parametrize("style", ["rock", "pop", "jazz", "house", "metal", "folk", "techno", "trap"])
@pytest.mark.parametrize("metre", ["5/4", "7/8"])
def test_songs_of_uneven_metres_are_drummed_in_them(style: str, metre: str) -> None:
    song = composed(asked(style, 3, 40.0, metre=metre), WRITTEN)
    bar = song.time_signature.bar
    kits = [part for part in song.parts if part.name == "drums"]
    if not kits:
        pytest.skip("nobody drums")
    turns = Fraction(2) if metre == "7/8" else Fraction(3)
    kicked = {note.start // bar for note in kits[0].notes if note.pitch == 36 and note.start % bar == turns}
    assert len(kicked) > 0.6 * len({note.start // bar for note in kits[0].notes})
