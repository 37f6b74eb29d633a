from __future__ import annotations

import json
from typing import Any

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.parents import UnreadableParentError, read_parent
from text2song.domain.serial import to_json


def test_a_composition_is_read_as_it_was_written() -> None:
    assert read_parent(to_json(finished())) == finished()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"a": NaN}', "\ud800", "[" * 100_000, b"\xff\xfe"])
def test_what_is_no_composition_is_refused_in_one_sentence(text: str | bytes) -> None:
    with pytest.raises(UnreadableParentError, match="not a composition") as caught:
        read_parent(text)
    assert "\n" not in caught.value.message


def _broken(**changes: Any) -> bytes:
    plain = json.loads(to_json(finished()))
    for path, value in changes.items():
        place: Any = plain
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        for step in steps:
            place = place[step]
        place[last] = value
    return json.dumps(plain).encode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sections": []}, "no sections"),
        ({"parts": []}, "no parts"),
        ({"sections__1__start_bar": 40}, "do not follow"),
        ({"parts__0__notes__0__pitch": 900}, "outside what can be played"),
        ({"parts__0__notes__0__duration": "-1"}, "outside what can be played"),
        ({"parts__0__instrument": "kazoo of doom"}, "not an instrument"),
        ({"parts__0__name": "somebody"}, "missing from its arrangement"),
        ({"tempo__changes": []}, "no tempo"),
        ({"context__genres__0__style": "polka of doom"}, "not a style"),
        ({"context__valence": float("nan")}, "NaN"),
        ({"sections__0__energy": "loud"}, "damaged"),
    ],
)
def test_a_composition_that_is_broken_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UnreadableParentError, match=words):
        read_parent(_broken(**changes))


def test_a_composition_of_another_version_is_edited_or_says_whose_it_is() -> None:
    assert read_parent(_broken(provenance__engine="composer 99.0")).provenance.engine == "composer 99.0"
    with pytest.raises(UnreadableParentError, match=r"made by “composer 99\.0”"):
        read_parent(_broken(provenance__engine="composer 99.0", context__dreams=[1]))
