"""Jobs as their listeners see them: listed, watched, cancelled."""

from __future__ import annotations

from uuid import UUID

from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.services.views import JobView, Listing, TakeView, view_job, view_take
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.repositories.takes import TakeRepository

#: Changes handed out at a time.
_FEED_LIMIT = 500


def list_jobs(studio: Studio, actor: Actor, *, limit: int, offset: int) -> Listing[JobView]:
    """Return a page of the actor's jobs, the newest first."""
    with studio.sessions.read() as session:
        page = JobRepository(session).newest(actor.user_id, limit=limit, offset=offset)
    now = studio.queue.clock()
    return Listing(tuple(view_job(job, now) for job in page.items), page.total)


def get_job(studio: Studio, actor: Actor, job_id: UUID) -> JobView:
    """Return one of the actor's jobs; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        return view_job(JobRepository(session).owned(job_id, actor.user_id), studio.queue.clock())


def get_generation(studio: Studio, actor: Actor, job_id: UUID) -> tuple[JobView, tuple[TakeView, ...]]:
    """Return one of the actor's jobs and the takes it has made; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        job = view_job(JobRepository(session).owned(job_id, actor.user_id), studio.queue.clock())
        if job.composition_id is None:
            return job, ()
        takes = TakeRepository(session).of_composition(job.composition_id)
    return job, tuple(view_take(take) for take in takes)


def cancel_job(studio: Studio, actor: Actor, job_id: UUID) -> JobView:
    """Cancel one of the actor's jobs; raises `RowNotFoundError`, or `JobFinishedError` for one that ended otherwise."""
    with studio.sessions.write() as session:
        JobRepository(session).owned(job_id, actor.user_id)
        return view_job(studio.queue.cancel(session, job_id), studio.queue.clock())


def changes_after(studio: Studio, revision: int) -> tuple[JobView, ...]:
    """Return the present state of all jobs, whoever's, that changed after `revision`, in order of change."""
    with studio.sessions.read() as session:
        jobs = JobRepository(session).changed_after(revision, limit=_FEED_LIMIT)
    now = studio.queue.clock()
    return tuple(view_job(job, now) for job in jobs)


def active_jobs(studio: Studio, actor: Actor) -> tuple[int, tuple[JobView, ...]]:
    """Return the position of the change feed, and every job of the actor that is queued or running there."""
    with studio.sessions.read() as session:
        jobs = JobRepository(session)
        revision, active = jobs.revision(), jobs.active(actor.user_id)
    now = studio.queue.clock()
    return revision, tuple(view_job(job, now) for job in active)
