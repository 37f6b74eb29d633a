"""Tests of the devices of harmony: each where it belongs, none where it does not."""

from __future__ import annotations

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.elements.devices import DEVICES, Taste, dressed, over_pedal
from text2song.compose.elements.progression import Step, length, read_progression
from text2song.domain.theory import Key


def text(steps: tuple[Step, ...]) -> str:
    return " ".join(
        "-".join(roman.text for roman in step.romans) + (f":{step.bars}" if step.bars > 1 else "") for step in steps
    )


def played(device: str, progression: str, key: str = "C major", *, sevenths: bool = True) -> str:
    taste = Taste({device: 2.0}, most=1, sevenths=sevenths)
    return text(dressed(read_progression(progression), taste, Key.parse(key), Decisions(1), "test"))


@pytest.mark.parametrize(
    ("device", "before", "after"),
    [
        ("secondary", "I IV vi V", "I IV vi-V7/V V"),
        ("secondary", "I IV vi I", "I IV-V7/vi vi I"),
        ("two_five", "I I ii I", "I ii7b5/ii-V7/ii ii I"),
        ("tritone", "I vi ii7 V7", "I vi ii7 bII7"),
        ("borrowed", "I vi IV I", "I vi IV-iv I"),
        ("borrowed", "I vi V I", "I bVI V I"),
        ("backdoor", "I vi IV V7", "I vi IV iv7-bVII7"),
        ("passing", "I ii I I", "I-#i°7 ii I I"),
        ("cliche", "I I IV V", "I Imaj7-I7 IV V"),
        ("suspended", "I vi IV V", "I vi IV Vsus4-V"),
        ("hastened", "I vi I V", "I vi I ii-V"),
        ("inverted", "I V vi IV", "I V/7 vi IV"),
        ("deceived", "I V I IV", "I V vi IV"),
        ("turned", "I IV V I", "I IV V ii7-V7"),
    ],
)
def test_each_device_in_its_place_in_major(device: str, before: str, after: str) -> None:
    assert played(device, before) == after


@pytest.mark.parametrize(
    ("device", "before", "after"),
    [
        ("neapolitan", "i bVI iv V", "i bVI bII/4 V"),
        ("cliche", "i i iv V", "i i7-i6 iv V"),
        ("cliche", "i i bVI V i i i i", "i i7-i6 bVI V i i i i7-i6"),
        ("inverted", "i v bVI iv", "i v/b7 bVI iv"),
        ("secondary", "i bVI iv i", "i bVI-V7/iv iv i"),
        ("borrowed", "i iv i V", "i iv-IV i V"),
    ],
)
def test_each_device_in_its_place_in_minor(device: str, before: str, after: str) -> None:
    assert played(device, before, "A minor") == after


@pytest.mark.parametrize("device", DEVICES)
def test_power_chords_on_one_root_are_left_alone(device: str) -> None:
    assert played(device, "i5 i5 i5 bII5", "E phrygian") == "i5 i5 i5 bII5"


def test_triads_stay_triads_where_no_sevenths_are_played() -> None:
    assert played("secondary", "I IV vi I", sevenths=False) == "I IV-V/vi vi I"
    # I is a chord of the key: only its seventh makes it press on.
    assert played("secondary", "I vi IV I", sevenths=False) == "I vi-V7/IV IV I"


def test_long_chords_stay_long_where_nothing_happens() -> None:
    assert played("tritone", "I:2 IV:2") == "I:2 IV:2"


@pytest.mark.parametrize("progression", ["I", "I:3", "I vi ii7 V7 I vi ii7 V7", "I-vi ii-V I", "i iv V i bVI"])
@pytest.mark.parametrize("key", ["C major", "C minor", "C dorian"])
@pytest.mark.parametrize("seed", range(4))
def test_any_mixture_keeps_the_length_and_can_be_played(progression: str, key: str, seed: int) -> None:
    taste = Taste(dict.fromkeys(DEVICES, 0.07), most=4, sevenths=True)
    steps = read_progression(progression)
    found = dressed(steps, taste, Key.parse(key), Decisions(seed), "test")
    assert length(found) == length(steps)
    for step in read_progression(text(found)):
        for roman in step.romans:
            assert roman.chord(Key.parse(key)).symbol()


def test_a_phrase_has_no_more_devices_than_it_may() -> None:
    taste = Taste(dict.fromkeys(DEVICES, 2.0), most=1)
    steps = read_progression("I IV vi V I IV vi V")
    found = dressed(steps, taste, Key.parse("C major"), Decisions(0), "test")
    changed = [one.romans != other.romans for one, other in zip(steps, found, strict=True)]
    assert sum(changed[:4]) <= 1
    assert sum(changed[4:]) <= 1


def test_a_pedal_holds_one_bass_note() -> None:
    assert text(over_pedal(read_progression("I IV V7 I"), presses=False)) == "I IV/1 V7/1 I"
    assert text(over_pedal(read_progression("IV ii V"), presses=True)) == "IV/5 ii/5 V"
