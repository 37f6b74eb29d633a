"""Songs of the library over the wire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from text2song.api.schemas.base import Instant, Outgoing
from text2song.api.schemas.jobs import JobOut
from text2song.api.schemas.takes import TakeOut


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
