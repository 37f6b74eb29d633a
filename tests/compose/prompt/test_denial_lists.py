"""How far a denial goes in a list."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.denial_desk import Desk
from text2song.compose.prompt.denial_lists import closes, fills_sentence, joint
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.sheet import Sheet
from text2song.compose.prompt.understanding import understand
from text2song.compose.prompt.words import Span
from text2song.domain.request import CompositionRequest


def desk(prompt: str) -> Desk:
    sheet = Sheet(prompt, lexicon())
    sheet.match()
    return Desk(sheet.words, [])


def test_or_joins_and_a_comma_alone_does_not() -> None:
    assert joint(desk("no drums or bass"), 2) == 1
    assert joint(desk("no drums, or bass"), 2) == 2
    assert joint(desk("no drums, bass"), 2) is None


def test_a_list_closes_with_or_and_with_etc() -> None:
    assert closes(desk("no drums, bass or guitar"), 2)
    assert closes(desk("no drums, or the like"), 2)
    assert not closes(desk("no drums, bass. Guitar or flute"), 2)


def test_no_list_without_a_verb_that_takes_one() -> None:
    assert not fills_sentence(desk("no drums, bass"), Span(0, 1), 2)


@pytest.mark.parametrize(
    ("prompt", "gone", "kept"),
    [
        ("avoid drums, bass and guitar", {"drums", "bass", "guitar"}, set()),
        ("folk, avoid drums, bass, guitar", {"drums", "bass", "guitar"}, set()),
        ("no guitar saxophone or trumpet", {"guitar", "trumpet", "saxophone"}, set()),
        ("no guitar, saxophone, etc.", {"guitar", "saxophone"}, set()),
        ("no melody instruments like piano or strings", {"piano", "strings"}, set()),
        ("a trio without drums, piano and bass", {"drums"}, {"piano", "bass"}),
        ("skip the drums, harp", {"drums"}, {"harp"}),
        ("no drums / harp", {"drums"}, {"harp"}),
        ("no guitar solos, guitar", set(), {"guitar"}),
        ("no drum fills", set(), {"drums"}),
        ("harp, -drums, +flute", {"drums"}, {"flute"}),
        ("no: drums, yes: flute", {"drums"}, {"flute"}),
    ],
)
def test_how_far_it_goes(prompt: str, gone: set[str], kept: set[str]) -> None:
    without = set(understand(CompositionRequest(prompt))["without"])
    assert gone <= without
    assert not kept & without
