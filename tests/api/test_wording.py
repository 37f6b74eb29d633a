"""Whatever validation refuses is said as a person would say it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from text2song.api.schemas.base import Incoming
from text2song.api.schemas.requests import CompositionCreate
from text2song.api.wording import wording


class Colour(Enum):
    """Two of them."""

    RED = "red"
    BLUE = "blue"


class Inner(Incoming):
    """Something inside."""

    size: int


def said(kind: Any, value: object, *, strict: bool = True, field: str = "x") -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value, strict=strict)
    return wording(caught.value.errors()[0], field)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Annotated[float, Field(ge=5)], 4.0, "must be at least 5"),
        (Annotated[float, Field(le=600.0)], 601, "must be at most 600"),
        (Annotated[int, Field(le=2**53 - 1)], 2**60, "must be at most 9007199254740991"),
        (Annotated[float, Field(gt=0)], 0, "must be more than 0"),
        (Annotated[float, Field(lt=1)], 1, "must be less than 1"),
        (Annotated[str, Field(min_length=1)], "", "must not be empty"),
        (Annotated[str, Field(min_length=3)], "a", "must have at least 3 characters"),
        (Annotated[str, Field(max_length=4)], "12345", "must have at most 4 characters"),
        (Annotated[list[int], Field(min_length=2)], [1], "must have at least 2 items"),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "must have at most 2 items"),
        (Annotated[str, Field(pattern="^[a-z]$")], "1", "must match ^[a-z]$"),
        (str, 5, "must be text"),
        (int, "5", "must be a whole number"),
        (int, 1.5, "must be a whole number"),
        (float, "5", "must be a number"),
        (Annotated[float, Field(allow_inf_nan=False)], float("nan"), "must be a finite number"),
        (bool, 1, "must be true or false"),
        (list[int], 5, "must be a list"),
        (dict[str, int], 5, "must be a JSON object"),
        (Inner, 5, "must be a JSON object"),
        (Literal["a", "b"], "c", "must be 'a' or 'b'"),
        (Colour, "green", "must be 'red' or 'blue'"),
        (Inner, {}, "is missing"),
        (Inner, {"size": 1, "colour": "red"}, "is not a field of this request"),
    ],
)
def test_kinds(kind: Any, value: object, text: str) -> None:
    # Enumerations are read from their values outside of Python alone.
    assert said(kind, value, strict=kind is not Colour) == text


def test_what_comes_as_text_is_worded_alike() -> None:
    assert said(int, "five", strict=False) == "must be a whole number"
    assert said(float, "five", strict=False) == "must be a number"
    assert said(str, b"\xff", strict=False) == "is not valid Unicode text"
    assert said(bool, "perhaps", strict=False) == "must be true or false"
    assert said(UUID, "five", strict=False) == "must be an id such as 019aa000-0000-7000-8000-000000000001"
    assert said(AwareDatetime, "2026-11-21T12:00:00", strict=False).startswith("must name its zone")


def test_a_body_is_named() -> None:
    assert said(Inner, [1], field="") == "the body must be a JSON object"
    for body in (None, b'{"prompt": "x"}'):
        with pytest.raises(ValidationError) as caught:
            CompositionCreate.model_validate(body, from_attributes=True)
        assert wording(caught.value.errors()[0], "") == "the body must be a JSON object, sent as application/json"
    assert wording({"type": "missing", "msg": "Field required"}, "") == "the body is missing"
    assert wording({"type": "json_invalid", "msg": "JSON decode error"}, "") == "the body is not JSON"


def test_sentences_of_ours_stay_as_they_are() -> None:
    own = {"type": "value_error", "msg": "Value error, send either prompt or prompt_id", "ctx": {}}
    assert wording(own, "") == wording(own, "x") == "send either prompt or prompt_id"
