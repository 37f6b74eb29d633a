"""The two kinds of schema: what comes in is strict, what goes out reads from the use cases' views."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

T = TypeVar("T")

#: An instant in UTC, ISO 8601.
Instant = Annotated[datetime, Field(examples=["2026-11-21T12:00:00Z"])]


def _written(value: object) -> object:
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", value):
        raise ValueError("a time is written as in 2026-11-21T12:00:00Z")
    return value


#: An instant that is sent in: ISO 8601 with a zone, never a bare number of seconds.
Moment = Annotated[AwareDatetime, BeforeValidator(_written), Field(examples=["2026-11-21T12:00:00Z"])]


class Incoming(BaseModel):
    """A request body: exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", str_max_length=60_000)

    @field_validator("*", mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        # PostgreSQL cannot store it, and no person types it.
        if _holds_nul(value):
            raise ValueError("the character U+0000 is not text")
        return value


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(inner) for pair in value.items() for inner in pair)
    return isinstance(value, list) and any(_holds_nul(inner) for inner in value)


class Outgoing(BaseModel):
    """A response, read from a view's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Paged(Outgoing, Generic[T]):
    """A page of a longer list."""

    items: list[T]
    #: Length of the whole list.
    total: int = Field(ge=0)
    limit: int
    offset: int


class Problem(BaseModel):
    """A problem document, RFC 9457."""

    type: str = Field(examples=["https://text2song.dev/problems/unknown-genre"])
    title: str = Field(examples=["The request is wrong"])
    status: int = Field(examples=[422])
    #: One sentence for the person.
    detail: str = Field(examples=["“synthwav” is not a genre; the nearest is synthwave"])
    #: The fields at fault, with the nearest valid values first.
    errors: list[FieldProblem] = []


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(examples=["genres"])
    detail: str
    choices: list[str] = []


Problem.model_rebuild()
