"""The two kinds of schema: what comes in is strict, what goes out reads from the use cases' views."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

#: An instant in UTC, ISO 8601.
Instant = Annotated[datetime, Field(examples=["2026-11-21T12:00:00Z"])]


class Incoming(BaseModel):
    """A request body: exact types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", str_max_length=25_000)


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
