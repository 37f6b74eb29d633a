"""Tests of extended chords: altered where the goal is minor, bright where it is major."""

from __future__ import annotations

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.extensions import extended, extensions
from text2song.compose.elements.progression import read_progression
from text2song.compose.elements.roman import Roman
from text2song.domain.theory import QUALITIES, Key


@pytest.mark.parametrize(
    ("roman", "following", "key", "has", "lacks"),
    [
        ("V7", "Imaj7", "C major", "13", "7b9"),
        ("V7", "i7", "C minor", "7b9", "13"),
        ("V7/ii", "ii7", "C major", "7b13", "13"),
        ("bII7", "Imaj7", "C major", "7#11", "7b9"),
        ("IVmaj7", "I", "C major", "maj7#11", "69"),
        ("Imaj7", "ii7", "C major", "69", "maj7#11"),
        ("ii7", "V7", "C major", "11", "13"),
    ],
)
def test_what_a_chord_does_decides(roman: str, following: str, key: str, has: str, lacks: str) -> None:
    options = extensions(Roman.parse(roman), Roman.parse(following), Key.parse(key))
    assert has in options
    assert lacks not in options


@pytest.mark.parametrize("roman", ["I", "ii", "V", "vii°", "iii7", "im6", "V7sus4"])
def test_what_is_no_plain_seventh_chord_stays(roman: str) -> None:
    assert extensions(Roman.parse(roman), Roman.parse("I"), Key.parse("C major")) == ()


def test_every_extension_is_a_chord_that_is_known() -> None:
    for key in (Key.parse("C major"), Key.parse("C minor")):
        for text in ("Imaj7", "IVmaj7", "ii7", "V7", "bII7", "V7/ii", "VI7"):
            roman = Roman.parse(text)
            for suffix in extensions(roman, Roman.parse("i"), key):
                written = text.replace(roman.suffix, suffix, 1)
                assert Roman.parse(written).quality in QUALITIES


def test_the_share_decides_how_many() -> None:
    steps = read_progression("Imaj7 vi7 ii7-V7 Imaj7:2")
    assert extended(steps, 0.0, Key(0), Decisions(0), "a") == steps
    everything = extended(steps, 1.0, Key(0), Decisions(0), "b")
    assert all(roman.suffix not in ("7", "maj7") for step in everything for roman in step.romans)
    assert [step.bars for step in everything] == [1, 1, 1, 2]
