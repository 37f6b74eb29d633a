from __future__ import annotations

import pytest

from text2song.cli.changes import parse_changes
from text2song.cli.options import InvalidOptionTextError


def test_names_and_values_become_fields() -> None:
    texts = ["bpm=90", "key=D minor", "mood=calm, warm", "energy=0.2,0.9", "chorus.2.energy=0.8", "bass=upright bass"]
    assert parse_changes(texts, None).fields() == {
        "bpm": 90.0,
        "key": "D minor",
        "moods": ("calm", "warm"),
        "energy": (0.2, 0.9),
        "section_energy": {"chorus.2": 0.8},
        "instruments": {"bass": "upright bass"},
    }


def test_an_instrument_may_be_said_in_full() -> None:
    assert parse_changes(["pad.instrument=strings", "tempo = 100"], None).fields() == {
        "bpm": 100.0,
        "instruments": {"pad": "strings"},
        "section_energy": {},
    }


@pytest.mark.parametrize(
    ("text", "field"), [("chorus", "extend"), ("150", "duration_seconds"), ("90.5", "duration_seconds")]
)
def test_extend_takes_a_section_or_seconds(text: str, field: str) -> None:
    assert field in parse_changes([], text).fields()


@pytest.mark.parametrize("text", ["bpm", "=90", "bpm=", "bpm=fast", "energy=high", "chorus.energy=x", "duration=long"])
def test_what_has_not_this_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidOptionTextError, match="--set"):
        parse_changes([text], None)
