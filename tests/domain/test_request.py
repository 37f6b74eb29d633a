from typing import Any

import pytest

from text2song.domain.errors import InvalidError
from text2song.domain.request import CompositionRequest, GenreWeight


@pytest.mark.parametrize(
    "prompt",
    ["lo-fi", "🎹🌧️ sad piano 🌙", "موسيقى هادئة للنوم", "a\tb\nc\r\n", "x" * 4000, "日本のシティポップ"],
)
def test_any_ordinary_text_is_a_prompt(prompt: str) -> None:
    assert CompositionRequest(prompt).validate().prompt == prompt


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " \n\t"}, "prompt"),
        ({"prompt": "x" * 20_000}, "prompt"),
        ({"prompt": "a\x00b"}, "prompt"),
        ({"prompt": "a\x1b[31m"}, "prompt"),
        ({"prompt": "\ud800"}, "prompt"),
        ({"duration_seconds": 0}, "duration_seconds"),
        ({"duration_seconds": -5}, "duration_seconds"),
        ({"duration_seconds": 1e9}, "duration_seconds"),
        ({"duration_seconds": float("nan")}, "duration_seconds"),
        ({"duration_seconds": 4.99}, "duration_seconds"),
        ({"bpm": 5}, "bpm"),
        ({"bpm": 900}, "bpm"),
        ({"bpm": float("inf")}, "bpm"),
        ({"key": "H moll"}, "key"),
        ({"time_signature": "4/3"}, "time_signature"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"candidate": -1}, "candidate"),
        ({"candidate": 4096}, "candidate"),
        ({"energy": (0.5,)}, "energy"),
        ({"energy": (0.5, float("nan"))}, "energy"),
        ({"energy": (0.5, 1.5)}, "energy"),
        ({"genres": (GenreWeight("pop", 0.0), GenreWeight("rock", 0.0))}, "genres"),
        ({"genres": (GenreWeight("pop", -1.0),)}, "genres"),
        ({"genres": (GenreWeight("pop", 1e308), GenreWeight("rock", 1e308))}, "genres"),
        ({"lyrics": "la " * 20_000}, "lyrics"),
    ],
)
def test_what_is_out_of_bounds_names_its_field(changes: dict[str, Any], field: str) -> None:
    request = CompositionRequest(**{"prompt": "pop", **changes})
    with pytest.raises(InvalidError) as caught:
        request.validate()
    assert caught.value.field == field
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(("field", "value"), [("duration_seconds", 5.0), ("duration_seconds", 600.0), ("bpm", 30.0)])
def test_the_limits_themselves_are_allowed(field: str, value: float) -> None:
    request = CompositionRequest("pop", **{field: value})  # type: ignore[arg-type]
    assert request.validate() is request
