"""The queue's statements: who is next in line, and what each change writes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    Update,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import aliased

from text2song.jobs.leases import Lease
from text2song.storage.changes import numbered
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


#: What whoever makes a job says; the rest is made by the database or is empty.
GIVEN = (
    "id",
    "kind",
    "payload",
    "user_id",
    "subject_id",
    "priority",
    "amount",
    "variant",
    "status",
    "stage",
    "progress",
    "available_at",
    "updated_at",
    "created_at",
    "faults",
    "losses",
    "token",
)
#: The table once more; made once, for making it takes longer than the statement runs.
_OTHER: Any = aliased(Job)


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


@cache
def insertion(*, postgresql: bool, system: bool, server_time: bool) -> Insert:
    """Return the statement that stores a new job, its values named as its columns with `new_` before them.

    Made once for each database and for users' and the system's jobs: making it takes longer than running it. The turn
    is one after the user's last, and not before the line as it stands: start-time fair queueing (Goyal, Vin, Cheng
    1996) with a cost of one for every job, so that users of the same priority are served in turn, however many jobs
    each has waiting.
    """
    columns = Job.__table__.c
    given = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in GIVEN}
    other, priority = _OTHER, given["priority"]
    mine = other.user_id.is_(None) if system else other.user_id == given["user_id"]
    here = select(other.turn).where(other.priority == priority).limit(1)
    last = [
        (here.where(mine, other.status == status).order_by(other.turn.desc()).scalar_subquery() + 1)
        for status in (JobStatus.QUEUED, JobStatus.RUNNING)
    ]
    first = here.where(other.status == JobStatus.QUEUED).order_by(other.turn).scalar_subquery()
    greatest = func.greatest if postgresql else func.max
    turns = [func.coalesce(turn, literal(0, BigInteger)) for turn in (*last, first)]
    made: dict[str, Any] = {
        "turn": cast(greatest(*turns), BigInteger),
        "revision": numbered(Job, "revision", bindparam("new_micros", type_=BigInteger), postgresql=postgresql),
    }
    if server_time:
        made["available_at"] = func.clock_timestamp()
    return insert(Job).values(given | made).returning(columns.turn, columns.revision)


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
