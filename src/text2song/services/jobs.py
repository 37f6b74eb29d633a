"""Jobs as their listeners see them: listed, watched, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

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
    state = None if status is None else STATES[status]
    with studio.sessions.read() as session:
        page = JobRepository(session).newest(actor.user_id, limit=limit, offset=offset, state=state)
    return Listing(_views(studio, page.items), page.total)


def get_job(studio: Studio, actor: Actor, job_id: UUID) -> JobView:
    """Return one of the actor's jobs; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        job = JobRepository(session).owned(job_id, actor.user_id)
    return _views(studio, [job])[0]


def get_generation(studio: Studio, actor: Actor, job_id: UUID) -> tuple[JobView, tuple[TakeView, ...]]:
    """Return one of the actor's jobs and the takes it has made; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        job = JobRepository(session).owned(job_id, actor.user_id)
        takes = () if job.subject_id is None else TakeRepository(session).of_composition(job.subject_id)
    return _views(studio, [job])[0], tuple(view_take(take) for take in takes)


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
    views = _views(studio, jobs)
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
    views = _views(studio, active)
    return revision, (*views[:-1], *(replace(view, resume=revision) for view in views[-1:]))


def _views(studio: Studio, jobs: Sequence[Job]) -> tuple[JobView, ...]:
    """Return jobs as listeners see them.

    Never inside a session: what is asked here takes a connection of its own, and whoever holds one while waiting for
    another stops everybody when the pool is small.
    """
    now = studio.queue.clock()
    waiting = [job.id for job in jobs if job.status == JobStatus.QUEUED]
    waits = studio.estimates.waits(waiting, lambda: _waits(studio)) if waiting else {}
    return tuple(view_job(job, now, _expected(studio, job), waits.get(job.id)) for job in jobs)


def _waits(studio: Studio) -> dict[UUID, float]:
    """Return the seconds until each of the first jobs in line is begun, as far as can be told."""
    with studio.sessions.read() as session:
        line = JobRepository(session).line(_LINE_LIMIT)
    costs = [(job.id, _expected(studio, job) or 0.0) for job in line]
    return waits(costs, studio.roster.alive()) if all(cost for _, cost in costs) else {}


def _expected(studio: Studio, job: Job) -> float | None:
    return studio.estimates.seconds(job.kind, Effort(job.amount, job.variant))
