"""Jobs over the wire."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from text2song.api.schemas.base import Instant, Outgoing

StatusName = Literal["QUEUED", "RENDERING", "MASTERING", "COMPLETE", "FAILED", "CANCELLED"]


class JobOut(Outgoing):
    """How far a job is."""

    job_id: UUID
    composition_id: UUID | None
    status: StatusName
    progress: float = Field(ge=0, le=100, description="Percent.")
    stage: str = Field(examples=["rendering bass"])
    eta_seconds: float | None
    #: One sentence when it failed.
    error: str | None
    error_slug: str | None = Field(description="Last part of the problem type.")
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


class SampleOut(Outgoing):
    """One finished take, in brief."""

    id: UUID
    number: int
    seed: int
    duration_seconds: float


class GenerationOut(JobOut):
    """A job and the takes it has made so far: all of them, or none."""

    samples: list[SampleOut]


class AcceptedOut(Outgoing):
    """The receipt of a request."""

    job_id: UUID = Field(examples=["019aa000-0000-7000-8000-000000000001"])
    composition_id: UUID = Field(examples=["019aa000-0000-7000-8000-000000000002"])
    prompt_id: UUID = Field(examples=["019aa000-0000-7000-8000-000000000003"])
    credits_required: int = Field(ge=1, examples=[2], description="One credit per started 30 seconds and take.")
