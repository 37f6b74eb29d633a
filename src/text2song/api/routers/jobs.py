"""`/jobs`: all jobs, and one stream of their changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from text2song.api.deps import ActorDep, FeedDep, Limit, Offset, StudioDep, VigilDep
from text2song.api.errors import responses
from text2song.api.schemas.base import Paged
from text2song.api.schemas.jobs import JobOut, StatusName
from text2song.services import jobs
from text2song.services.views import Status

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("")
def list_jobs(
    studio: StudioDep, actor: ActorDep, status: StatusName | None = None, limit: Limit = 20, offset: Offset = 0
) -> Paged[JobOut]:
    """List jobs, the newest first; `status=FAILED` are those that were given up, each with its reason."""
    wanted = None if status is None else Status(status)
    found = jobs.list_jobs(studio, actor, limit=limit, offset=offset, status=wanted)
    items = [JobOut.model_validate(item) for item in found.items]
    return Paged(items=items, total=found.total, limit=limit, offset=offset)


@router.get("/events", response_class=EventSourceResponse, responses=responses(422))
async def job_events(
    feed: FeedDep, actor: ActorDep, vigil: VigilDep, last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None
) -> AsyncIterator[ServerSentEvent]:
    """Stream the state of every job as it changes (event `job`, data as of `GET /jobs/{id}`).

    Without Last-Event-ID the active jobs come first; with it, whatever changed since.
    """
    yield ServerSentEvent(comment="listening", retry=1000)
    async for change in feed.changes(actor, last_event_id):
        if not await vigil.holds():
            return
        data = JobOut.model_validate(change).model_dump(mode="json")
        yield ServerSentEvent(event="job", id=None if change.resume is None else str(change.resume), data=data)


@router.get("/{job_id}", responses=responses(404, 422))
def get_job(studio: StudioDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """Show one job."""
    return JobOut.model_validate(jobs.get_job(studio, actor, job_id))


@router.delete("/{job_id}", responses=responses(404, 409, 422))
def cancel_job(studio: StudioDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """Cancel a job."""
    return JobOut.model_validate(jobs.cancel_job(studio, actor, job_id))
