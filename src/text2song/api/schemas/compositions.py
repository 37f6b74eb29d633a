"""Songs of the library over the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from text2song.api.schemas.base import Instant, Moment, Outgoing
from text2song.api.schemas.jobs import JobOut, StatusName
from text2song.api.schemas.takes import TakeOut
from text2song.services.compositions import Query
from text2song.services.views import Status

Sort = Literal["newest", "oldest", "title", "longest", "shortest", "most_played", "relevance"]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False, description="Of the first take.")]


class LibraryQuery(BaseModel):
    """Which songs of the library, and in which order."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        default="",
        max_length=200,
        description="Words of the title, the genres or the prompt, or their beginnings; “a phrase”, -without.",
    )
    genre: str = Field(default="", max_length=60, description="One of the genres as composed.", examples=["synthwave"])
    status: StatusName | None = None
    favorite: bool | None = Field(default=None, description="Songs with a take that one has marked, or without.")
    public: bool | None = None
    parent_id: UUID | None = Field(default=None, description="Edits of this song.")
    created_from: Moment | None = Field(default=None, description="With a time zone.")
    created_to: Moment | None = Field(default=None, description="With a time zone.")
    min_duration: Seconds | None = None
    max_duration: Seconds | None = None
    sort: Sort = Field(default="newest", description="“relevance” is for `q`; without it the newest come first.")
    limit: int = Field(default=20, ge=1, le=100, description="Items in a page.")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="Items to skip.")

    def query(self) -> Query:
        """Return the use case's query."""
        return Query(
            text=self.q,
            genre=self.genre,
            status=None if self.status is None else Status(self.status),
            favorite=self.favorite,
            public=self.public,
            parent_id=self.parent_id,
            created=(self.created_from, self.created_to),
            duration=(self.min_duration, self.max_duration),
            sort=self.sort,
            limit=self.limit,
            offset=self.offset,
        )


class SummaryOut(Outgoing):
    """What was composed; empty until it is."""

    genres: list[str] = Field(default=[])
    moods: list[str] = Field(default=[])
    key: str | None = None
    bpm: float | None = None
    time_signature: str | None = None
    vocals: str | None = None
    style: str | None = None


class CompositionOut(Outgoing):
    """A song with its job and finished takes."""

    id: UUID
    user_id: UUID = Field(description="Its owner.")
    public: bool = Field(description="Whether everyone may read and hear it.")
    prompt_id: UUID
    title: str
    prompt: str
    #: The recipe as kept.
    request: dict[str, Any] = Field(description="The recipe: prompt, seed and every field, as kept.")
    options: dict[str, Any]
    summary: SummaryOut
    parent_id: UUID | None = Field(description="The song that this one is an edit of, as long as that is kept.")
    edits: list[dict[str, Any]] = Field(description="Every edit since the request, the latest last.")
    job: JobOut
    takes: list[TakeOut]
    created_at: Instant
    updated_at: Instant
