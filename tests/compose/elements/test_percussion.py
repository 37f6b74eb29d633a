from __future__ import annotations

from statistics import mean

import pytest
from tests.compose.elements.bands import WRITTEN, asked, composed
from tests.compose.elements.rhythm_rules import bar_notes, part_of

KEYS = {"shaker": {70}, "tambourine": {54}, "congas": {60, 61, 62, 63, 64}}


@pytest.mark.parametrize("name", sorted(KEYS))
@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "7/8"])
def test_each_instrument_plays_its_own_keys(name: str, metre: str) -> None:
    song = composed(asked("pop", 1, 60, metre=metre, instruments=(name,)), WRITTEN)
    part = part_of(song, "percussion")
    assert part is not None
    assert part.instrument == name
    assert part.notes
    assert {note.pitch for note in part.notes} <= KEYS[name]


def test_lively_sections_are_denser_and_louder() -> None:
    song = composed(asked("pop", 1, 90, instruments=("shaker",), structure=("verse", "chorus", "outro")), WRITTEN)
    part = part_of(song, "percussion")
    assert part is not None
    calm, lively = (bar_notes(song, part, section.end_bar - 2) for section in song.sections[:2])
    assert len(lively) > len(calm)
    assert mean(note.velocity for note in lively) > mean(note.velocity for note in calm)


def test_timpani_play_the_roots() -> None:
    song = composed(asked("cinematic", 1, 60, instruments=("timpani",)), WRITTEN)
    part = part_of(song, "percussion")
    assert part is not None
    for note in part.notes:
        span = next(span for span in song.harmony if span.start <= note.start < span.end)
        assert note.pitch % 12 == span.chord.root
        assert 36 <= note.pitch < 48
