"""What an operator watches, read from the database that decides: counts, ages, and what has ended since last time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.pool import QueuePool

from text2song.services.studio import Studio
from text2song.storage.models import JobStatus
from text2song.storage.repositories.figures import EndedJob, FigureRepository, MadeTake

#: Seconds that a change may take to become visible after a later one did: transactions commit in any order.
_OVERLAP_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The installation at one moment."""

    #: Number of jobs by kind and status.
    jobs: Mapping[tuple[str, str], int]
    #: Seconds that the job has waited which has been ready longest; 0 when none waits.
    queue_lag: float
    takes: int
    blob_bytes: int
    #: Seconds since each worker was heard of.
    heartbeats: tuple[float, ...]
    #: Workers that were heard of within a lease.
    workers: int
    #: Database connections of this process: in use, and how many there may be; 0 where there is no pool.
    connections: int
    connections_limit: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Jobs that have ended since the last look, and the takes that they made."""

    jobs: tuple[EndedJob, ...]
    takes: tuple[MadeTake, ...]


def read_figures(studio: Studio) -> Figures:
    """Count everything; raises `DatabaseUnavailableError`."""
    now = studio.queue.clock()
    with studio.sessions.read() as session:
        figures = FigureRepository(session)
        jobs, waiting, (takes, size) = figures.jobs(), figures.oldest_waiting(now), figures.takes()
        heartbeats = tuple(_age(seen, now) for seen in figures.workers())
    used, limit = connections(studio)
    return Figures(
        jobs=jobs,
        queue_lag=0.0 if waiting is None else _age(waiting, now),
        takes=takes,
        blob_bytes=size,
        heartbeats=heartbeats,
        workers=sum(age <= studio.queue.lease_seconds for age in heartbeats),
        connections=used,
        connections_limit=limit,
    )


def connections(studio: Studio) -> tuple[int, int]:
    """Return the database connections of this process that are in use, and how many there may be."""
    pool = studio.sessions.engine.pool
    if not isinstance(pool, QueuePool):
        return 0, 0
    return pool.checkedout(), pool.size() + max(pool._max_overflow, 0)  # noqa: SLF001 - the pool keeps it to itself


class EndedJobs:
    """Hands out each job that ends, once, from the moment it is first asked; safe among threads."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._lock = threading.Lock()
        #: Positions in the change feed with the time at which they were the latest.
        self._marks: deque[tuple[float, int]] = deque()
        self._told: dict[UUID, int] = {}

    def since_last_time(self) -> Ended:
        """Return what ended since the last call; raises `DatabaseUnavailableError`, and nothing is lost then."""
        with self._lock, self._studio.sessions.read() as session:
            figures = FigureRepository(session)
            latest = figures.revision()
            if not self._marks:
                self._mark(latest)
                return Ended((), ())
            found = figures.ended_after(self._marks[0][1])
            jobs = tuple(job for job in found if job.job_id not in self._told)
            made = [job.subject_id for job in jobs if job.status == JobStatus.COMPLETE and job.subject_id]
            takes = figures.takes_of(made) if made else ()
            self._mark(latest)
            # What is older than the oldest mark is not read again, so it need not be remembered.
            self._told |= {job.job_id: job.revision for job in jobs}
            self._told = {job: at for job, at in self._told.items() if at > self._marks[0][1]}
            return Ended(jobs, takes)

    def _mark(self, revision: int) -> None:
        now = time.monotonic()
        self._marks.append((now, revision))
        while len(self._marks) > 1 and self._marks[1][0] <= now - _OVERLAP_SECONDS:
            self._marks.popleft()


def _age(then: datetime, now: datetime) -> float:
    return max((now - then).total_seconds(), 0.0)
