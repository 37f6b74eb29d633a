"""Tests of grooves written in uneven metres."""

from __future__ import annotations

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed

from text2song.compose.elements.metric import metric_grooves
from text2song.compose.elements.pace import paced
from text2song.compose.elements.patterns import GROUPS
from text2song.compose.elements.steps import bars_of
from text2song.compose.metre import STRONG, level
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

FAMILIES = ("rock", "metal", "pop", "folk", "electronic", "techno", "jazz", "latin")


@pytest.mark.parametrize("metre", ["5/4", "7/8"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_groove_for_every_place_and_kicks_where_the_groups_begin(family: str, metre: str) -> None:
    found = metric_grooves(family, metre)
    signature = TimeSignature.parse(metre)
    assert {group for groove in found for group in groove.groups} == set(GROUPS.values())
    for groove in found:
        for pattern in (*groove.lanes.values(), *groove.turn.values()):
            assert bars_of(pattern, signature)
        kicks = {step.start for step in bars_of(groove.lanes["kick"], signature)[0]}
        strong = {
            at for eighth in range(int(signature.bar * 2)) if level(at := Fraction(eighth, 2), signature) >= STRONG
        }
        assert len(strong) == 2
        assert strong <= kicks
        assert paced(groove, 0.5) is groove


def test_even_metres_and_unknown_families_have_none() -> None:
    assert metric_grooves("rock", "4/4") == ()
    assert metric_grooves("hands", "7/8") == ()


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
