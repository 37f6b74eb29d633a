from __future__ import annotations

import math

import pytest

from text2song.domain.edits import Edit, InvalidEditError
from text2song.domain.errors import InvalidError
from text2song.domain.serial import from_json, to_json


def test_a_sound_edit_is_returned_unchanged_and_survives_json() -> None:
    edit = Edit(remake=("chorus.2/bass", "verse"), bpm=90.0, instruments={"bass": "upright bass"}, lock=("drums",))
    assert edit.validate() is edit
    assert from_json(Edit, to_json(edit)) == edit


@pytest.mark.parametrize(
    ("edit", "field", "words"),
    [
        (Edit(), "remake", "nothing to change"),
        (Edit(lock=("drums",), seed=3), "remake", "nothing to change"),
        (Edit(remake=("bass",), lock=("bass",)), "remake", "locked"),
        (Edit(remove=("verse.1/bass",), lock=("verse.1/bass",)), "remove", "locked"),
        (Edit(remake=("a/b/c",)), "remake", "a part, a section"),
        (Edit(remake=("",)), "remake", "a part, a section"),
        (Edit(remake=("../bass",)), "remake", "a part, a section"),
        (Edit(remake=("bass",) * 65), "remake", "at most 64"),
        (Edit(bpm=math.nan), "bpm", "30–300"),
        (Edit(lyrics="hello \ud800 world"), "lyrics", "not valid Unicode"),
        (Edit(lyrics="hello \x07 world"), "lyrics", "control characters"),
        (Edit(lyrics="[!?]"), "lyrics", "at least one"),
        (Edit(bpm=5.0), "bpm", "30–300"),
        (Edit(duration_seconds=math.inf), "duration_seconds", "5–600"),
        (Edit(energy=(0.5, math.nan)), "energy", "0–1"),
        (Edit(section_energy={"chorus": 1.2}), "section_energy", "0–1"),
        (Edit(instruments={"bass": " "}), "instruments", "names nothing"),
        (Edit(lyrics="… !"), "lyrics", "no words"),
        (Edit(lyrics="la " * 20_000), "lyrics", "at most 50,000"),
        (Edit(add=("Pad Pad",)), "add", "a place of the band"),
        (Edit(remake=("bass",), seed=-1), "seed", "between 0"),
        (Edit(extend="chorus", duration_seconds=90.0), "extend", "not both"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(edit: Edit, field: str, words: str) -> None:
    with pytest.raises(InvalidEditError, match=words) as caught:
        edit.validate()
    assert caught.value.field == field


def test_figures_alone_can_be_sung() -> None:
    assert Edit(lyrics="1 2 3 4").validate().lyrics == "1 2 3 4"


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidError, match="not a key"):
        Edit(key="H moll").validate()
