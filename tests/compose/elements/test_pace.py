"""Tests of half time and double time."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed
from tests.compose.elements.rhythm_rules import bar_notes, part_of

from text2song.compose.elements.pace import paced
from text2song.compose.elements.patterns import Groove, grooves
from text2song.compose.elements.steps import bars_of
from text2song.compose.style import load_style, style_names
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

ROCK = Groove(
    "plain",
    ("verse",),
    1.0,
    1,
    MappingProxyType({"kick": "X.......x.x.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}),
    MappingProxyType({"snare": "....X.......X.oo"}),
)


def _places(groove: Groove, lane: str, bar: int) -> list[Fraction]:
    return [step.start for step in bars_of(groove.lanes[lane], TimeSignature(), bars=groove.bars)[bar]]


def test_half_time_puts_the_back_beat_on_three() -> None:
    slow = paced(ROCK, 0.5)
    assert slow.bars == 2
    assert [_places(slow, "snare", bar) for bar in (0, 1)] == [[2], [2]]
    assert _places(slow, "hat", 0) == _places(ROCK, "hat", 0)
    assert _places(slow, "kick", 0) == [0]
    assert _places(slow, "kick", 1) == [0, 1]


def test_double_time_doubles_the_back_beat() -> None:
    fast = paced(ROCK, 2.0)
    assert _places(fast, "snare", 0) == [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2), Fraction(7, 2)]
    assert _places(fast, "hat", 0) == _places(ROCK, "hat", 0)
    assert paced(ROCK, 1.0) is ROCK


@pytest.mark.parametrize("pace", [0.5, 2.0])
def test_every_groove_can_change_its_pace(pace: float) -> None:
    for style in style_names():
        for groove in grooves(str(load_style(style).table("groove")["library"])):
            changed = paced(groove, pace)
            for pattern in changed.lanes.values():
                assert len(bars_of(pattern, TimeSignature(), bars=changed.bars)) == changed.bars


@pytest.mark.parametrize(("word", "factor"), [("half-time", 0.5), ("double-time", 2.0)])
def test_the_words_change_the_beat(word: str, factor: float) -> None:
    def snares(production: tuple[str, ...]) -> float:
        song = composed(asked("rock", 3, 60, production=production, structure=("verse", "verse")), WRITTEN)
        drums = part_of(song, "drums")
        assert drums is not None
        strong = [n for bar in range(4) for n in bar_notes(song, drums, bar) if n.pitch == 38 and n.velocity > 60]
        return len(strong) / 4

    assert snares((word,)) == pytest.approx(factor * snares(()), rel=0.35)
