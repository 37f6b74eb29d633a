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
    DateTime,
    Insert,
    Integer,
    Interval,
    Row,
    Select,
    Update,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from text2song.jobs.leases import Lease
from text2song.jobs.tracing import FIELD
from text2song.storage.base import UtcDateTime
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
_TABLE: Any = Job.__table__
#: Written out: PostgreSQL plans a prepared statement for a tenth of all rows where it does not know the limit.
_ONE: ColumnElement[int] = literal_column("1", Integer)


def next_in_line(
    now: Instant, kinds: Collection[str] | None, limit: int | ColumnElement[int], *, lock: bool = True
) -> Select[UUID]:
    """Select the ids of the jobs to run next.

    Where the database locks rows, these are locked and those that other claims hold skipped, unless only looked at.
    """
    waiting = select(Job.id).where(Job.status == JobStatus.QUEUED, Job.available_at <= now)
    if kinds is not None:
        waiting = waiting.where(Job.kind.in_(sorted(kinds)))
    ordered = waiting.order_by(Job.priority, Job.turn, Job.id).limit(limit)
    return ordered.with_for_update(skip_locked=True) if lock else ordered


@cache
def claim(kinds: frozenset[str] | None, *, postgresql: bool, server_time: bool) -> ReturningUpdate[Any]:
    """Return the statement that takes the next jobs, `new_limit` of them, and returns what a lease needs.

    Made once, as the others with `new_` before the names of their values: making one takes longer than running it.
    `new_lease` is how long the lease lasts by the server's clock; `new_now` and `new_until` are the instants by ours.
    """
    now, until = _times(server_time=server_time)
    # As a CTE the choice is made once; PostgreSQL may run a plain subquery again for every row.
    limit = bindparam("new_limit", type_=Integer, literal_execute=True)
    line = next_in_line(now, kinds, limit).cte("line")
    changed = _running(bindparam("new_worker"), until, now) | _noted("starting", postgresql=postgresql)
    # The table, not the class: only the rows returned matter, no object in the session.
    return update(_TABLE).where(_TABLE.c.id.in_(select(line.c.id))).values(changed).returning(*CLAIMED)


def lease_of(row: Row[Any], worker: str) -> Lease:
    """Return the lease on a job that a claim of that worker returned."""
    return Lease(
        job_id=row.id,
        kind=row.kind,
        payload={name: value for name, value in row.payload.items() if name != FIELD},
        trace=row.payload.get(FIELD),
        subject_id=row.subject_id,
        worker=worker,
        token=row.token,
        faults=row.faults,
        losses=row.losses,
        until=row.leased_until,
    )


@cache
def completion(*, postgresql: bool, server_time: bool) -> ReturningUpdate[Any]:
    """Return the statement that completes the jobs whose lease still holds, and returns their ids and tokens.

    `new_leases` are the leases' ids and tokens, `new_ids` the ids once more, by which the rows are found.
    """
    now, _ = _times(server_time=server_time)
    pairs = tuple_(_TABLE.c.id, _TABLE.c.token).in_(bindparam("new_leases", expanding=True))
    mine = _TABLE.c.id.in_(bindparam("new_ids", expanding=True)), pairs, _TABLE.c.status == JobStatus.RUNNING
    changed = ended(JobStatus.COMPLETE, now) | {"progress": 1.0} | _noted("done", postgresql=postgresql)
    return update(_TABLE).where(*mine).values(changed).returning(_TABLE.c.id, _TABLE.c.token)


def _times(*, server_time: bool) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """Return now and the end of a lease that is taken now."""
    if server_time:
        now = func.clock_timestamp(type_=DateTime(timezone=True))
        return now, now + bindparam("new_lease", type_=Interval)
    return bindparam("new_now", type_=UtcDateTime), bindparam("new_until", type_=UtcDateTime)


def _noted(stage: str, *, postgresql: bool) -> dict[str, Any]:
    """Return what every change writes."""
    micros = bindparam("new_micros", type_=BigInteger)
    revision = numbered(Job, "revision", micros, postgresql=postgresql)
    return {"stage": stage, "updated_at": bindparam("new_updated_at", type_=UtcDateTime), "revision": revision}


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
    here = select(other.turn).where(other.priority == priority).limit(_ONE)
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


def _running(worker: ColumnElement[str], until: Instant, now: Instant) -> dict[str, Any]:
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
