"""What makes the songs: the worker processes with their models, and how they are loaded anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from text2song.services.studio import Studio
from text2song.storage.models import ACTIVE, Job, JobStatus


class WorkerState(StrEnum):
    """What a worker does."""

    IDLE = "IDLE"
    BUSY = "BUSY"
    #: Finishing its jobs before a successor takes over.
    DRAINING = "DRAINING"


class ModelState(StrEnum):
    """What all workers together are."""

    READY = "READY"
    RELOADING = "RELOADING"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView:
    """One worker process; its models are as old as it is."""

    name: str
    state: WorkerState
    running: int
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """The workers, the oldest first, and how much there is to do."""

    state: ModelState
    workers: tuple[WorkerView, ...]
    queued: int
    running: int


def get_model_status(studio: Studio) -> ModelStatus:
    """Return who works, and whether they are being replaced."""
    with studio.sessions.read() as session:
        jobs = select(Job.status, Job.worker, func.count()).where(Job.status.in_(ACTIVE))
        counts = session.execute(jobs.group_by(Job.status, Job.worker)).all()
    running = {worker: count for status, worker, count in counts if status == JobStatus.RUNNING}
    workers = []
    for row in studio.roster.present():
        busy = running.get(row.name, 0)
        state = WorkerState.DRAINING if row.retiring else WorkerState.BUSY if busy else WorkerState.IDLE
        times = {"started_at": row.created_at, "seen_at": row.seen_at}
        workers.append(WorkerView(name=row.name, state=state, running=busy, **times))
    draining = any(worker.state == WorkerState.DRAINING for worker in workers)
    there = ModelState.READY if studio.roster.alive() else ModelState.UNAVAILABLE
    return ModelStatus(
        state=ModelState.RELOADING if draining else there,
        workers=tuple(workers),
        queued=sum(count for status, _, count in counts if status == JobStatus.QUEUED),
        running=sum(running.values()),
    )


def reload_model(studio: Studio) -> int:
    """Ask every worker to finish what it does and make room for a successor; return how many were asked.

    Nothing is dropped: a worker takes no further job, and what waits is for its successor.
    """
    return studio.roster.retire_all()
