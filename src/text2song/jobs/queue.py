"""The job queue: rows claimed, renewed and finished under a lease and a fencing token.

Every change of a running job names the token it was claimed with; when another claim has happened since, no row
matches and nothing changes. Changes are numbered over all jobs, which makes the change feed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, Update, case, func, or_, select, update
from sqlalchemy.orm import Session

from text2song.domain.errors import CancelledError
from text2song.domain.ids import uuid7
from text2song.jobs.bells import BATCH, Bell, LocalBell
from text2song.jobs.estimates import Effort
from text2song.jobs.leases import JobFinishedError, Lease, LeaseLostError
from text2song.jobs.statements import (
    Instant,
    claim,
    completion,
    ended,
    held,
    held_by,
    insertion,
    lease_of,
    next_in_line,
    waiting,
)
from text2song.jobs.tracing import enqueuing
from text2song.storage.changes import microseconds, next_number
from text2song.storage.models import ACTIVE, Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.session import Sessions, after_commit

#: Runs in all that may end in a transient fault before the job fails: some three minutes of trying.
MAX_FAULTS = 8
#: Workers in all that may die over a job, or databases fail under it, before it is held to be what kills them.
MAX_LOSSES = 25
#: A job that has lost this many workers lets all others go first: its priority is this and the number of losses.
SUSPECT_LOSSES = 3
SUSPECT_PRIORITY = 1000
#: Seconds before the first retry; doubles with each, up to the longest.
_BACKOFF_SECONDS = 2.0
LONGEST_BACKOFF_SECONDS = 60.0

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class JobQueue:
    """Jobs in a database, shared by any number of processes.

    Leases are timed by one clock: the database server's on PostgreSQL, this machine's on SQLite, whose processes are
    all here; or the `clock` given. `bell` is rung when a job may be claimed. Jobs of the `cheap` kinds take
    milliseconds: they may be rung for, claimed and ended many together.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        lease_seconds: float,
        clock: Clock | None = None,
        bell: Bell | None = None,
        cheap: Collection[str] = (),
    ) -> None:
        self.sessions = sessions
        self.lease_seconds = lease_seconds
        self.clock = clock or utc_now
        self.bell = bell or LocalBell()
        self.cheap = frozenset(cheap)
        self._postgresql = sessions.engine.dialect.name == "postgresql"
        self._by_server = clock is None and self._postgresql

    def now(self) -> Instant:
        """Return the instant of the clock that times leases, to be compared and stored by the database."""
        return func.clock_timestamp(type_=DateTime(timezone=True)) if self._by_server else self.clock()

    def later(self, seconds: float) -> Any:
        """Return the instant that many seconds from now."""
        return self.now() + timedelta(seconds=seconds)

    def enqueue(
        self,
        session: Session,
        kind: str,
        payload: dict[str, Any],
        *,
        user_id: UUID | None = None,
        subject_id: UUID | None = None,
        priority: int = 0,
        effort: Effort = Effort(),  # noqa: B008 - frozen
    ) -> Job:
        """Store a job in the caller's transaction: released when that commits, gone when it does not.

        `user_id` is on whose behalf, None for the system's own work; lower `priority` runs first. The time it will
        take is learned from the `effort` of earlier ones. The row returned is a copy that no session knows.
        """
        now = self.clock()
        with enqueuing(kind) as carried:
            payload = payload | carried
        given: dict[str, Any] = {
            "id": uuid7(),
            "kind": kind,
            "payload": payload,
            "user_id": user_id,
            "subject_id": subject_id,
            "priority": priority,
            "amount": effort.amount,
            "variant": effort.variant,
            "status": JobStatus.QUEUED,
            "stage": "waiting",
            "progress": 0.0,
            "available_at": now,
            "updated_at": now,
            "created_at": now,
            "faults": 0,
            "losses": 0,
            "token": 0,
        }
        values = {f"new_{name}": value for name, value in given.items()} | {"new_micros": microseconds(now)}
        new = insertion(postgresql=self._postgresql, system=user_id is None, server_time=self._by_server)
        turn, revision = session.connection().execute(new, values).one()
        job = Job()
        # As a loaded row has them, for no session follows this one.
        job.__dict__.update(given, turn=turn, revision=revision)
        after_commit(session, lambda: self.bell.ring(job.id, cheap=kind in self.cheap))
        return job

    def claim(self, worker: str, kinds: Collection[str] | None = None) -> Lease | None:
        """Take the next job for `worker`, of those kinds or any; None when none is waiting."""
        return next(iter(self.claim_several(worker, kinds)), None)

    def claim_several(
        self, worker: str, kinds: Collection[str] | None = None, *, cheap: Collection[str] = (), limit: int = 1
    ) -> list[Lease]:
        """Take the next job and, when it is of a `cheap` kind, the cheap ones after it up to `limit` in all.

        The order is priority, then the users in turn, then age.
        """
        with self.sessions.write() as session:
            rows = self._take(session, worker, kinds, 1)
            if rows and limit > 1 and rows[0].kind in cheap:
                rows += self._take(session, worker, cheap, limit - 1)
        return [lease_of(row, worker) for row in rows]

    def renew(self, lease: Lease, stage: str, progress: float) -> None:
        """Say how far the work is and keep the lease; raises `LeaseLostError`, or `CancelledError` when cancelled."""
        with self.sessions.write() as session:
            changed = self._change(session, stage) | {
                "progress": min(max(progress, 0.0), 1.0),
                "leased_until": self.later(self.lease_seconds),
            }
            kept = _rows(session, held(lease).values(changed))
        if not kept:
            self._explain_loss(lease)

    def keep_all_of(self, worker: str) -> int:
        """Extend every lease of a worker without a word on progress; return how many it has."""
        mine = update(Job).where(Job.worker == worker, Job.status == JobStatus.RUNNING)
        with self.sessions.write() as session:
            return _rows(session, mine.values(leased_until=self.later(self.lease_seconds)))

    def complete(self, session: Session, lease: Lease) -> None:
        """Finish the job in the transaction that stores its result; raises `LeaseLostError`, which undoes both."""
        if not self.complete_all(session, [lease]):
            raise LeaseLostError(f"job {lease.job_id} was taken from {lease.worker}")

    def complete_all(self, session: Session, leases: Sequence[Lease]) -> frozenset[tuple[UUID, int]]:
        """Finish in the caller's transaction those jobs whose lease still holds; return their ids and tokens."""
        pairs = [(lease.job_id, lease.token) for lease in leases]
        values = self._times() | {"new_leases": pairs, "new_ids": [lease.job_id for lease in leases]}
        done = completion(postgresql=self._postgresql, server_time=self._by_server)
        return frozenset((job_id, token) for job_id, token in session.connection().execute(done, values))

    def fail(self, lease: Lease, slug: str, reason: str) -> bool:
        """End the job with the problem's slug and a sentence; False when the lease is lost."""
        with self.sessions.write() as session:
            changed = self._change(session, "failed") | ended(JobStatus.FAILED, self.now())
            return _rows(session, held(lease).values(changed | {"error_slug": slug, "error": reason})) == 1

    def retry(self, lease: Lease, slug: str, reason: str) -> bool:
        """Put the job back for a later try after a transient fault, or fail it when it had `MAX_FAULTS`."""
        if lease.faults + 1 >= MAX_FAULTS:
            return self.fail(lease, slug, f"{reason} (tried {MAX_FAULTS} times)")
        with self.sessions.write() as session:
            again = waiting(self.later(backoff_seconds(lease.faults)))
            changed = self._change(session, f"waiting to try again: {reason}") | again
            return _rows(session, held(lease).values(changed | {"faults": Job.faults + 1})) == 1

    def release(self, lease: Lease) -> bool:
        """Give the job back untried, as a worker does that is told to stop; False when the lease is lost."""
        with self.sessions.write() as session:
            return _rows(session, held(lease).values(self._change(session, "waiting") | waiting(self.now()))) == 1

    def lose(self, job_id: UUID, token: int, *, seconds: float = 0.0, wait: bool = True) -> bool:
        """Give the job of a dead worker to the next one, at once or later.

        False when it was not running under that token, or, unless one is to `wait`, when someone holds its row.
        """
        mine = held_by(job_id, token)
        if not wait:
            mine = mine.where(Job.id.in_(select(Job.id).where(Job.id == job_id).with_for_update(skip_locked=True)))
        with self.sessions.write() as session:
            return self._lose(session, mine, seconds)

    def lose_all_of(self, worker: str) -> bool:
        """The same for whatever the dead worker of that name was doing."""
        with self.sessions.write() as session:
            mine = update(Job).where(Job.worker == worker, Job.status == JobStatus.RUNNING)
            return self._lose(session, mine, 0.0)

    def overdue(self) -> set[tuple[UUID, int]]:
        """Return the jobs, and their tokens, whose lease ran out, or ends later than any lease can.

        The second is what a clock that was set back leaves.
        """
        late = or_(Job.leased_until < self.now(), Job.leased_until > self.later(2 * self.lease_seconds))
        with self.sessions.read() as session:
            found = session.execute(select(Job.id, Job.token).where(Job.status == JobStatus.RUNNING, late))
            return {(job_id, token) for job_id, token in found}

    def line(self, limit: int) -> list[UUID]:
        """Return the first jobs in line that may be claimed now, of cheap ones one for each ring: at most `limit`."""
        with self.sessions.read() as session:
            found = session.execute(next_in_line(self.now(), None, limit, lock=False).add_columns(Job.kind)).all()
        cheap = [row.id for row in found if row.kind in self.cheap]
        rung = {row.id for row in found}.difference(cheap).union(cheap[::BATCH])
        return [row.id for row in found if row.id in rung]

    def cancel(self, session: Session, job_id: UUID) -> Job:
        """End a job that nobody wants any more; its worker finds out at its next word on progress.

        Cancelling twice is no error; raises `JobFinishedError` for a job that ended otherwise.
        """
        changed = self._change(session, "cancelled") | ended(JobStatus.CANCELLED, self.now())
        _rows(session, update(Job).where(Job.id == job_id, Job.status.in_(ACTIVE)).values(changed))
        job = JobRepository(session).get(job_id)
        session.refresh(job)
        if job.status != JobStatus.CANCELLED:
            raise JobFinishedError(f"the job has already ended: {job.status}")
        return job

    def _take(self, session: Session, worker: str, kinds: Collection[str] | None, limit: int) -> list[Row[Any]]:
        chosen = None if kinds is None else frozenset(kinds)
        statement = claim(chosen, postgresql=self._postgresql, server_time=self._by_server)
        values = self._times() | {"new_worker": worker, "new_limit": limit}
        rows = session.connection().execute(statement, values).all()
        return sorted(rows, key=lambda row: (row.priority, row.turn, row.id))

    def _times(self) -> dict[str, Any]:
        """Return the values of instants in the statements that are made once."""
        now, lease = self.clock(), timedelta(seconds=self.lease_seconds)
        stored = {"new_updated_at": now, "new_micros": microseconds(now)}
        return stored | {"new_now": now, "new_until": now + lease, "new_lease": lease}

    def _lose(self, session: Session, mine: Update, seconds: float) -> bool:
        spent = mine.where(Job.losses + 1 >= MAX_LOSSES)
        reason = f"{MAX_LOSSES} workers in a row died or went silent over this job"
        gone = {"losses": Job.losses + 1, "error_slug": "worker-lost", "error": reason}
        over = self._change(session, "failed") | ended(JobStatus.FAILED, self.now())
        failed = _rows(session, spent.values(over | gone))
        suspect = case((Job.losses + 1 >= SUSPECT_LOSSES, SUSPECT_PRIORITY + Job.losses), else_=Job.priority)
        again = self._change(session, "waiting") | waiting(self.later(seconds))
        back = _rows(session, mine.values(again | {"losses": Job.losses + 1, "priority": suspect}))
        if back:
            after_commit(session, self.bell.ring)
        return failed + back > 0

    def _change(self, session: Session, stage: str) -> dict[str, Any]:
        now = self.clock()
        return {"stage": stage[:120], "updated_at": now, "revision": next_number(session, Job, "revision", now)}

    def _explain_loss(self, lease: Lease) -> None:
        with self.sessions.read() as session:
            job = session.get(Job, lease.job_id)
            if job is not None and job.token == lease.token and job.status == JobStatus.CANCELLED:
                raise CancelledError(f"job {lease.job_id} was cancelled")
        raise LeaseLostError(f"job {lease.job_id} was taken from {lease.worker}")


def backoff_seconds(tries: int) -> float:
    """Return how long to wait after that many earlier tries."""
    return min(_BACKOFF_SECONDS * 2.0**tries, LONGEST_BACKOFF_SECONDS)


def _rows(session: Session, statement: Update) -> int:
    # Rows already loaded are not matched up: every reader opens its own session.
    changed = session.execute(statement.execution_options(synchronize_session=False))
    return int(changed.rowcount)  # type: ignore[attr-defined]
