"""Jobs as their listeners see them: listed, watched, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from text2song.domain.identity import Actor
from text2song.jobs.estimates import Effort, waits
from text2song.services.studio import Studio
from text2song.services.views import STATES, JobView, Listing, Status, TakeView, view_job, view_take
from text2song.storage.models import Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.repositories.takes import TakeRepository

#: Changes handed out at a time.
_FEED_LIMIT = 500
#: Jobs in line for which it is reckoned when they begin.
_LINE_LIMIT = 200


def list_jobs(
    studio: Studio, actor: Actor, *, limit: int, offset: int, status: Status | None = None
) -> Listing[JobView]:
    """Return a page of the actor's jobs, the newest first; those that failed say why: the dead letters."""
    statuses = () if status is None else (STATES[status],)
    with studio.sessions.read() as session:
        page = JobRepository(session).newest(actor.user_id, limit=limit, offset=offset, statuses=statuses)
        return Listing(_views(studio, session, page.items), page.total)


def get_job(studio: Studio, actor: Actor, job_id: UUID) -> JobView:
    """Return one of the actor's jobs; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        return _views(studio, session, [JobRepository(session).owned(job_id, actor.user_id)])[0]


def get_generation(studio: Studio, actor: Actor, job_id: UUID) -> tuple[JobView, tuple[TakeView, ...]]:
    """Return one of the actor's jobs and the takes it has made; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        (job,) = _views(studio, session, [JobRepository(session).owned(job_id, actor.user_id)])
        if job.composition_id is None:
            return job, ()
        takes = TakeRepository(session).of_composition(job.composition_id)
    return job, tuple(view_take(take) for take in takes)


def cancel_job(studio: Studio, actor: Actor, job_id: UUID) -> JobView:
    """Cancel one of the actor's jobs; raises `RowNotFoundError`, or `JobFinishedError` for one that ended otherwise."""
    with studio.sessions.write() as session:
        JobRepository(session).owned(job_id, actor.user_id)
        return view_job(studio.queue.cancel(session, job_id), studio.queue.clock())


def changes_after(studio: Studio, revision: int, user_id: UUID | None = None) -> tuple[JobView, ...]:
    """Return the present state of jobs that changed after `revision`, everyone's or one user's, in order of change.

    Not all at once: ask again from the last one's revision until none is left. Whoever has seen only some of those that
    changed together can go on from `resume`, which is before them.
    """
    with studio.sessions.read() as session:
        jobs = JobRepository(session).changed_after(revision, limit=_FEED_LIMIT, user_id=user_id)
        views = _views(studio, session, jobs)
    last = {view.revision: view.job_id for view in views}
    return tuple(replace(view, resume=view.revision - (view.job_id != last[view.revision])) for view in views)


def feed_position(studio: Studio) -> int:
    """Return the position of the latest change that everyone sees."""
    with studio.sessions.read() as session:
        return JobRepository(session).revision()


def active_jobs(studio: Studio, actor: Actor) -> tuple[int, tuple[JobView, ...]]:
    """Return the position of the change feed, and every job of the actor that is queued or running there.

    Only whoever has seen the last of them can go on from the position.
    """
    with studio.sessions.read() as session:
        jobs = JobRepository(session)
        revision, active = jobs.revision(), jobs.active(actor.user_id)
        views = _views(studio, session, active)
    return revision, (*views[:-1], *(replace(view, resume=revision) for view in views[-1:]))


def _views(studio: Studio, session: Session, jobs: Sequence[Job]) -> tuple[JobView, ...]:
    now = studio.queue.clock()
    waits = _waits(studio, session) if any(job.status == JobStatus.QUEUED for job in jobs) else {}
    return tuple(view_job(job, now, _expected(studio, job), waits.get(job.id)) for job in jobs)


def _waits(studio: Studio, session: Session) -> dict[UUID, float]:
    """Return the seconds until each of the first jobs in line is begun, as far as can be told."""
    line = JobRepository(session).line(_LINE_LIMIT)
    costs = [(job.id, _expected(studio, job) or 0.0) for job in line]
    return waits(costs, studio.roster.alive()) if all(cost for _, cost in costs) else {}


def _expected(studio: Studio, job: Job) -> float | None:
    return studio.estimates.seconds(job.kind, Effort(job.amount, job.variant))
