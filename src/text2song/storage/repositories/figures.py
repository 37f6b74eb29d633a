"""Counts over whole tables, for those who watch the installation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from text2song.storage.models import Job, JobStatus, Take, Worker

#: States in which a job stays for good.
_ENDED = (JobStatus.COMPLETE, JobStatus.FAILED, JobStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class EndedJob:
    """A job that has ended, and when what happened to it."""

    job_id: UUID
    subject_id: UUID | None
    kind: str
    status: str
    revision: int
    created_at: datetime
    #: None for a job that no worker ever took.
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeTake:
    """How long a take took: seconds by stage, and seconds of music per second of making."""

    provider: str
    seconds: Mapping[str, float]
    realtime_factor: float


class FigureRepository:
    """Reads counts, sums and ages; changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def jobs(self) -> dict[tuple[str, str], int]:
        """Return the number of jobs by kind and status."""
        counted = select(Job.kind, Job.status, func.count()).group_by(Job.kind, Job.status)
        return {(kind, status): number for kind, status, number in self._session.execute(counted)}

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """Return since when the job has been ready that has waited longest, or None when none is."""
        ready = (Job.status == JobStatus.QUEUED, Job.available_at <= now)
        return self._session.scalar(select(func.min(Job.available_at)).where(*ready))

    def revision(self) -> int:
        """Return the position of the latest change of any job."""
        return self._session.scalar(select(func.max(Job.revision))) or 0

    def ended_after(self, revision: int) -> tuple[EndedJob, ...]:
        """Return the jobs that ended after `revision` of the change feed, in order."""
        columns = (Job.id, Job.subject_id, Job.kind, Job.status, Job.revision)
        times = (Job.created_at, Job.started_at, Job.finished_at)
        ended = (Job.revision > revision, Job.status.in_(_ENDED))
        found = self._session.execute(select(*columns, *times).where(*ended).order_by(Job.revision))
        return tuple(EndedJob(*row) for row in found)

    def takes_of(self, compositions: Collection[UUID]) -> tuple[MadeTake, ...]:
        """Return what the takes of these compositions took."""
        columns = (Take.provider, Take.report["seconds"], Take.realtime_factor)
        found = self._session.execute(select(*columns).where(Take.composition_id.in_(compositions)).order_by(Take.id))
        return tuple(MadeTake(provider, seconds or {}, factor) for provider, seconds, factor in found)

    def takes(self) -> tuple[int, int]:
        """Return the number of takes and the bytes of their files."""
        count, size = self._session.execute(select(func.count(), func.sum(Take.size_bytes)).select_from(Take)).one()
        return count, int(size or 0)

    def workers(self) -> tuple[datetime, ...]:
        """Return when each worker was last heard of."""
        return tuple(self._session.scalars(select(Worker.seen_at).order_by(Worker.seen_at)))
