"""What use cases hand out: rows made plain, with what is derived from them, detached from any session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from uuid import UUID

from text2song.jobs.estimates import remaining_seconds
from text2song.storage.models import Composition, Job, JobStatus, Prompt, Take
from text2song.storage.repositories.jobs import JobState

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Listing(Generic[V]):
    """A page of a longer list, and how long the list is."""

    items: tuple[V, ...]
    total: int


class Status(StrEnum):
    """A job as its listener sees it."""

    QUEUED = "QUEUED"
    RENDERING = "RENDERING"
    MASTERING = "MASTERING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


#: Words of stages that come after the music is played.
_FINISHING = ("master", "writing", "measuring", "packing", "storing", "keeping")
#: The queue's states that a listener's status stands for.
STATES = MappingProxyType(
    {
        Status.QUEUED: JobState(JobStatus.QUEUED),
        Status.RENDERING: JobState(JobStatus.RUNNING, _FINISHING, named=False),
        Status.MASTERING: JobState(JobStatus.RUNNING, _FINISHING),
        Status.COMPLETE: JobState(JobStatus.COMPLETE),
        Status.FAILED: JobState(JobStatus.FAILED),
        Status.CANCELLED: JobState(JobStatus.CANCELLED),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """How far a job is."""

    job_id: UUID
    #: On whose behalf; None for the system's own work.
    user_id: UUID | None
    composition_id: UUID | None
    status: Status
    #: 0–100.
    progress: float
    stage: str
    eta_seconds: float | None
    error: str | None
    error_slug: str | None
    #: Position of this state in the change feed.
    revision: int
    #: The position from which whoever has seen this state misses nothing; None: begin anew.
    resume: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptView:
    """A prompt and the fields that came with it."""

    id: UUID
    text: str
    request: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeView:
    """A finished take without its long reads (outline and report)."""

    id: UUID
    composition_id: UUID
    number: int
    seed: int
    provider: str
    device: str
    precision: str
    duration_seconds: float
    sample_rate: int
    channels: int
    generation_seconds: float
    realtime_factor: float
    size_bytes: int
    files: list[dict[str, Any]]
    stems: list[dict[str, Any]]
    peaks: list[float]
    play_count: int
    download_count: int
    favorite_count: int
    last_played: datetime | None
    #: By the one who asks.
    is_favorited: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionView:
    """A song of the library with its job and takes."""

    id: UUID
    #: The owner, and whether everyone may read it.
    user_id: UUID
    public: bool
    prompt_id: UUID
    title: str
    prompt: str
    request: dict[str, Any]
    options: dict[str, Any]
    summary: dict[str, Any]
    #: The composition that this one is an edit of, None for a song of its own and when that was removed.
    parent_id: UUID | None
    #: Every edit since the request, the latest last.
    edits: list[dict[str, Any]]
    job: JobView
    takes: tuple[TakeView, ...]
    created_at: datetime
    updated_at: datetime


def view_job(
    job: Job, now: datetime | None = None, expected: float | None = None, wait: float | None = None
) -> JobView:
    """Return the listener's view of a job.

    `expected` are the seconds that such a job takes and `wait` those until a waiting one begins, where known.
    """
    return JobView(
        job_id=job.id,
        user_id=job.user_id,
        composition_id=job.subject_id,
        status=_status(job),
        progress=round(100 * job.progress, 1),
        stage=job.stage,
        eta_seconds=_eta(job, now or datetime.now(UTC), expected, wait),
        error=job.error,
        error_slug=job.error_slug,
        revision=job.revision,
        resume=None,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def view_prompt(prompt: Prompt) -> PromptView:
    """Return a prompt as it was asked."""
    return PromptView(id=prompt.id, text=prompt.text, request=prompt.request, created_at=prompt.created_at)


def view_take(take: Take, marked: Collection[UUID] = ()) -> TakeView:
    """Return a take without its long reads; `marked` holds the takes that are favourites of the one who asks."""
    derived: dict[str, Any] = {"last_played": take.last_played_at, "is_favorited": take.id in marked}
    copied = {name: getattr(take, name) for name in TakeView.__dataclass_fields__ if name not in derived}
    return TakeView(**copied, **derived)


def view_composition(
    composition: Composition, now: datetime | None = None, marked: Collection[UUID] = ()
) -> CompositionView:
    """Return a composition that was loaded whole; `marked` as for `view_take`."""
    return CompositionView(
        id=composition.id,
        user_id=composition.user_id,
        public=composition.public,
        prompt_id=composition.prompt_id,
        title=composition.title,
        prompt=composition.prompt.text,
        request=composition.request,
        options=composition.options,
        summary=composition.summary,
        parent_id=composition.parent_id,
        edits=composition.edits,
        job=view_job(composition.job, now),
        takes=tuple(view_take(take, marked) for take in composition.takes),
        created_at=composition.created_at,
        updated_at=composition.updated_at,
    )


def _status(job: Job) -> Status:
    if job.status == JobStatus.RUNNING:
        return Status.MASTERING if any(word in job.stage for word in _FINISHING) else Status.RENDERING
    return Status(job.status.upper())


def _eta(job: Job, now: datetime, expected: float | None, wait: float | None) -> float | None:
    if job.status == JobStatus.QUEUED and wait is not None and expected is not None:
        return round(max(wait, (job.available_at - now).total_seconds()) + expected, 1)
    if job.status != JobStatus.RUNNING or job.started_at is None:
        return None
    elapsed = max((now - job.started_at).total_seconds(), 0.0)
    left = remaining_seconds(expected, elapsed, job.progress)
    return None if left is None else round(left, 1)
