"""The queue's statements: who is next in line, and what each change writes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Update, cast, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from text2song.jobs.leases import Lease
from text2song.storage.changes import is_postgresql
from text2song.storage.models import Job, JobStatus

#: An instant: the caller's, or SQL for the database's own.
Instant = datetime | ColumnElement[datetime]

#: What a claim reads of the jobs it takes.
CLAIMED = (
    Job.id,
    Job.kind,
    Job.payload,
    Job.subject_id,
    Job.token,
    Job.faults,
    Job.losses,
    Job.leased_until,
    Job.priority,
    Job.turn,
)


def next_in_line(now: Instant, kinds: Collection[str] | None, limit: int, *, lock: bool = True) -> Select[UUID]:
    """Select the ids of the jobs to run next.

    Where the database locks rows, these are locked and those that other claims hold skipped, unless only looked at.
    """
    waiting = select(Job.id).where(Job.status == JobStatus.QUEUED, Job.available_at <= now)
    if kinds is not None:
        waiting = waiting.where(Job.kind.in_(sorted(kinds)))
    ordered = waiting.order_by(Job.priority, Job.turn, Job.id).limit(limit)
    return ordered.with_for_update(skip_locked=True) if lock else ordered


def claim(chosen: Select[UUID], changed: dict[str, Any]) -> Update:
    """Return the statement that takes the chosen jobs."""
    # As a CTE the choice is made once; PostgreSQL may run a plain subquery again for every row.
    line = chosen.cte("line")
    statement = update(Job).where(Job.id.in_(select(line.c.id))).values(changed)
    return statement.execution_options(synchronize_session=False)


def turn_of(session: Session, user_id: UUID | None, priority: int) -> ColumnElement[int]:
    """Return SQL for the turn of a new job: after the user's last, and not before the line as it stands.

    This is start-time fair queueing (Goyal, Vin, Cheng 1996) with a cost of one for every job: users of the same
    priority are served in turn, however many jobs each has waiting.
    """
    other: Any = aliased(Job)
    mine = other.user_id.is_(None) if user_id is None else other.user_id == user_id
    here = select(other.turn).where(other.priority == priority).limit(1)
    last = [
        (here.where(mine, other.status == status).order_by(other.turn.desc()).scalar_subquery() + 1)
        for status in (JobStatus.QUEUED, JobStatus.RUNNING)
    ]
    first = here.where(other.status == JobStatus.QUEUED).order_by(other.turn).scalar_subquery()
    greatest = func.greatest if is_postgresql(session) else func.max
    none = literal(0, BigInteger)
    turns = [func.coalesce(turn, none) for turn in (*last, first)]
    return cast(greatest(*turns), BigInteger)


def held(lease: Lease) -> Update:
    """Return an update of the job while the lease holds."""
    return held_by(lease.job_id, lease.token)


def held_by(job_id: UUID, token: int) -> Update:
    """Return an update of the job while it runs under that token."""
    return update(Job).where(Job.id == job_id, Job.token == token, Job.status == JobStatus.RUNNING)


def running(worker: str, until: Instant, now: Instant) -> dict[str, Any]:
    """Return what a claim writes."""
    return {
        "status": JobStatus.RUNNING,
        "worker": worker,
        "leased_until": until,
        "token": Job.token + 1,
        "progress": 0.0,
        "started_at": now,
    }


def waiting(available_at: Instant) -> dict[str, Any]:
    """Return what giving a job back writes."""
    return {
        "status": JobStatus.QUEUED,
        "worker": None,
        "leased_until": None,
        "progress": 0.0,
        "available_at": available_at,
    }


def ended(status: JobStatus, now: Instant) -> dict[str, Any]:
    """Return what every end writes."""
    return {"status": status, "worker": None, "leased_until": None, "finished_at": now}
