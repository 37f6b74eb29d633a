"""The job queue: rows claimed, renewed and finished under a lease and a fencing token.

Every change of a running job names the token it was claimed with; when another claim has happened since, no row
matches and nothing changes. Changes are numbered over all jobs, which makes the change feed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, case, func, select, update
from sqlalchemy.orm import Session

from text2song.domain.errors import CancelledError
from text2song.jobs.leases import JobFinishedError, Lease, LeaseLostError
from text2song.storage.models import ACTIVE, Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.session import Sessions

#: Runs in all that may end in a transient fault before the job fails.
MAX_FAULTS = 4
#: Workers in all that may die over a job before it is held to be what kills them.
MAX_LOSSES = 25
#: A job that has lost this many workers lets the others go first.
_SUSPECT_LOSSES = 3
#: Seconds before the first retry; doubles with each.
_BACKOFF_SECONDS = 2.0

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class JobQueue:
    """Jobs in a database, shared by any number of processes."""

    def __init__(self, sessions: Sessions, *, lease_seconds: float, clock: Clock = utc_now) -> None:
        self.sessions = sessions
        self.lease_seconds = lease_seconds
        self.clock = clock

    def enqueue(
        self,
        session: Session,
        kind: str,
        payload: dict[str, Any],
        *,
        user_id: UUID | None = None,
        subject_id: UUID | None = None,
        priority: int = 0,
    ) -> Job:
        """Store a job in the caller's transaction: released when that commits, gone when it does not.

        `user_id` is on whose behalf, None for the system's own work.
        """
        now = self.clock()
        job = Job(
            kind=kind,
            payload=payload,
            user_id=user_id,
            subject_id=subject_id,
            priority=priority,
            status=JobStatus.QUEUED,
            stage="waiting",
            progress=0.0,
            available_at=now,
            updated_at=now,
            created_at=now,
            faults=0,
            losses=0,
            token=0,
            revision=_next_revision(session),
        )
        session.add(job)
        session.flush()
        return job

    def claim(self, worker: str) -> Lease | None:
        """Take the next job for `worker`, or return None when none is waiting."""
        now = self.clock()
        until = now + timedelta(seconds=self.lease_seconds)
        with self.sessions.write() as session:
            changed = _running(worker, until, now) | _change(session, now, "starting")
            statement = update(Job).where(Job.id == _next_job(now).scalar_subquery()).values(changed).returning(Job)
            job = session.scalars(statement).one_or_none()
            return None if job is None else _lease(job, worker, until)

    def renew(self, lease: Lease, stage: str, progress: float) -> None:
        """Say how far the work is and keep the lease; raises `LeaseLostError`, or `CancelledError` when cancelled."""
        now = self.clock()
        with self.sessions.write() as session:
            changed = _change(session, now, stage) | {
                "progress": min(max(progress, 0.0), 1.0),
                "leased_until": now + timedelta(seconds=self.lease_seconds),
            }
            held = _rows(session, _held(lease).values(changed))
        if not held:
            self._explain_loss(lease)

    def keep(self, job_id: UUID, token: int) -> bool:
        """Extend a lease without a word on progress; False when it is lost."""
        until = self.clock() + timedelta(seconds=self.lease_seconds)
        with self.sessions.write() as session:
            return _rows(session, _held_by(job_id, token).values(leased_until=until)) == 1

    def complete(self, session: Session, lease: Lease) -> None:
        """Finish the job in the transaction that stores its result; raises `LeaseLostError`, which undoes both."""
        now = self.clock()
        changed = _change(session, now, "done") | _ended(JobStatus.COMPLETE, now) | {"progress": 1.0}
        if not _rows(session, _held(lease).values(changed)):
            raise LeaseLostError(f"job {lease.job_id} was taken from {lease.worker}")

    def fail(self, lease: Lease, slug: str, reason: str) -> bool:
        """End the job with the problem's slug and a sentence; False when the lease is lost."""
        now = self.clock()
        with self.sessions.write() as session:
            changed = _change(session, now, "failed") | _ended(JobStatus.FAILED, now)
            return _rows(session, _held(lease).values(changed | {"error_slug": slug, "error": reason})) == 1

    def retry(self, lease: Lease, slug: str, reason: str) -> bool:
        """Put the job back for a later try after a transient fault, or fail it when it had `MAX_FAULTS`."""
        if lease.faults + 1 >= MAX_FAULTS:
            return self.fail(lease, slug, f"{reason} (tried {MAX_FAULTS} times)")
        now = self.clock()
        later = now + timedelta(seconds=_BACKOFF_SECONDS * 2**lease.faults)
        with self.sessions.write() as session:
            changed = _change(session, now, f"waiting to try again: {reason}"[:120]) | _waiting(later)
            return _rows(session, _held(lease).values(changed | {"faults": Job.faults + 1})) == 1

    def release(self, lease: Lease) -> bool:
        """Give the job back untried, as a worker does that is told to stop; False when the lease is lost."""
        now = self.clock()
        with self.sessions.write() as session:
            return _rows(session, _held(lease).values(_change(session, now, "waiting") | _waiting(now))) == 1

    def lose(self, job_id: UUID, token: int) -> bool:
        """Give the job of a dead worker to the next one at once; False when it was not running under that token."""
        with self.sessions.write() as session:
            return self._lose(session, _held_by(job_id, token))

    def lose_all_of(self, worker: str) -> bool:
        """The same for whatever the dead worker of that name was doing."""
        with self.sessions.write() as session:
            running = update(Job).where(Job.worker == worker, Job.status == JobStatus.RUNNING)
            return self._lose(session, running)

    def sweep(self) -> bool:
        """Give jobs whose lease ran out to the next worker; True when there were any."""
        expired = select(Job.id).where(Job.status == JobStatus.RUNNING, Job.leased_until < self.clock()).limit(1)
        with self.sessions.read() as session:
            if session.scalar(expired) is None:
                return False
        with self.sessions.write() as session:
            late = update(Job).where(Job.status == JobStatus.RUNNING, Job.leased_until < self.clock())
            return self._lose(session, late)

    def cancel(self, session: Session, job_id: UUID) -> Job:
        """End a job that nobody wants any more; its worker finds out at its next word on progress.

        Cancelling twice is no error; raises `JobFinishedError` for a job that ended otherwise.
        """
        now = self.clock()
        changed = _change(session, now, "cancelled") | _ended(JobStatus.CANCELLED, now)
        session.execute(update(Job).where(Job.id == job_id, Job.status.in_(ACTIVE)).values(changed))
        job = JobRepository(session).get(job_id)
        session.refresh(job)
        if job.status != JobStatus.CANCELLED:
            raise JobFinishedError(f"the job has already ended: {job.status}")
        return job

    def _lose(self, session: Session, running: Update) -> bool:
        now = self.clock()
        spent = running.where(Job.losses + 1 >= MAX_LOSSES)
        reason = f"{MAX_LOSSES} workers in a row died or went silent over this job"
        gone = {"losses": Job.losses + 1, "error_slug": "worker-lost", "error": reason}
        failed = _rows(session, spent.values(_change(session, now, "failed") | _ended(JobStatus.FAILED, now) | gone))
        again = _change(session, now, "waiting") | _waiting(now) | {"losses": Job.losses + 1}
        return failed + _rows(session, running.values(again)) > 0

    def _explain_loss(self, lease: Lease) -> None:
        with self.sessions.read() as session:
            job = session.get(Job, lease.job_id)
            if job is not None and job.token == lease.token and job.status == JobStatus.CANCELLED:
                raise CancelledError(f"job {lease.job_id} was cancelled")
        raise LeaseLostError(f"job {lease.job_id} was taken from {lease.worker}")


def _next_job(now: datetime) -> Select[UUID]:
    """Select the id of the job to run next, skipping rows that other claims hold (where the database locks rows)."""
    suspect = case((Job.losses >= _SUSPECT_LOSSES, Job.losses), else_=0)
    return (
        select(Job.id)
        .where(Job.status == JobStatus.QUEUED, Job.available_at <= now)
        .order_by(suspect, Job.priority, Job.created_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _next_revision(session: Session) -> int:
    return (session.scalar(select(func.max(Job.revision))) or 0) + 1


def _change(session: Session, now: datetime, stage: str) -> dict[str, Any]:
    return {"stage": stage[:120], "updated_at": now, "revision": _next_revision(session)}


def _running(worker: str, until: datetime, now: datetime) -> dict[str, Any]:
    return {
        "status": JobStatus.RUNNING,
        "worker": worker,
        "leased_until": until,
        "token": Job.token + 1,
        "progress": 0.0,
        "started_at": now,
    }


def _waiting(available_at: datetime) -> dict[str, Any]:
    return {
        "status": JobStatus.QUEUED,
        "worker": None,
        "leased_until": None,
        "progress": 0.0,
        "available_at": available_at,
    }


def _ended(status: JobStatus, now: datetime) -> dict[str, Any]:
    return {"status": status, "worker": None, "leased_until": None, "finished_at": now}


def _held(lease: Lease) -> Update:
    return _held_by(lease.job_id, lease.token)


def _held_by(job_id: UUID, token: int) -> Update:
    return update(Job).where(Job.id == job_id, Job.token == token, Job.status == JobStatus.RUNNING)


def _rows(session: Session, statement: Update) -> int:
    # Rows already loaded are not matched up: every reader opens its own session.
    changed = statement.returning(Job.id).execution_options(synchronize_session=False)
    return len(session.scalars(changed).all())


def _lease(job: Job, worker: str, until: datetime) -> Lease:
    return Lease(
        job_id=job.id,
        kind=job.kind,
        payload=job.payload,
        subject_id=job.subject_id,
        worker=worker,
        token=job.token,
        faults=job.faults,
        until=until,
    )
