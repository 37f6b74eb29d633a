"""`/jobs`: all jobs, and one stream of their changes."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from text2song.api.deps import ActorDep, FeedDep, Limit, Offset, StudioDep, VigilDep
from text2song.api.errors import responses
from text2song.api.schemas.base import Paged
from text2song.api.schemas.jobs import JobOut, StatusName
from text2song.api.streaming import EventStream
from text2song.api.writing import written
from text2song.services import jobs
from text2song.services.views import Status

router = APIRouter(prefix="/jobs", tags=["jobs"])

_EVENT = 'event: job\ndata: {"job_id": "019aa000-0000-7000-8000-000000000001", "status": "RENDERING", …}\nid: 42\n\n'
_EVENTS = MappingProxyType(
    {"description": "The stream.", "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EVENT}}}
)


@router.get("")
@written
def list_jobs(
    studio: StudioDep, actor: ActorDep, status: StatusName | None = None, limit: Limit = 20, offset: Offset = 0
) -> Paged[JobOut]:
    """List jobs, the newest first; `status=FAILED` are those that were given up, each with its reason."""
    wanted = None if status is None else Status(status)
    found = jobs.list_jobs(studio, actor, limit=limit, offset=offset, status=wanted)
    items = [JobOut.model_validate(item) for item in found.items]
    return Paged(items=items, total=found.total, limit=limit, offset=offset)


@router.get("/events", response_class=EventStream, responses={**responses(422), 200: dict(_EVENTS)})
async def job_events(
    feed: FeedDep, actor: ActorDep, vigil: VigilDep, last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None
) -> EventStream:
    """Stream the state of every job as it changes (event `job`, data as of `GET /jobs/{id}`).

    Without Last-Event-ID the active jobs come first; with it, whatever changed since. A comment comes now and then
    while nothing changes. Where no stream can be held open, `GET /jobs` tells the same.
    """
    return EventStream(feed, actor, last_event_id, vigil.holds)


@router.get("/{job_id}", responses=responses(404, 422))
@written
def get_job(studio: StudioDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """Show one job."""
    return JobOut.model_validate(jobs.get_job(studio, actor, job_id))


@router.delete("/{job_id}", responses=responses(404, 409, 422))
def cancel_job(studio: StudioDep, actor: ActorDep, job_id: UUID) -> JobOut:
    """Cancel a job."""
    return JobOut.model_validate(jobs.cancel_job(studio, actor, job_id))
