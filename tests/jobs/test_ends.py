"""Cheap jobs end many in one transaction, each as if alone: lost, cancelled, failing, cut off by a crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy.orm import Session

from text2song.domain.errors import InvalidError
from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.domain.progress import Progress
from text2song.jobs.ends import Effect
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.runner import Runner
from text2song.storage.engine import make_engine
from text2song.storage.models import Job, JobStatus, Prompt
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.repositories.prompts import PromptRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import DatabaseUnavailableError, Sessions

KIND = "count"


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=30, cheap={KIND})
    engine.dispose()


def claimed(queue: JobQueue, count: int) -> list[Lease]:
    for _ in range(count):
        with queue.sessions.write() as session:
            queue.enqueue(session, KIND, {})
    leases = queue.claim_several("w", cheap=queue.cheap, limit=count)
    assert len(leases) == count
    return leases


def found(queue: JobQueue, leases: Sequence[Lease]) -> list[Job]:
    with queue.sessions.read() as session:
        return [JobRepository(session).get(lease.job_id) for lease in leases]


def statuses(queue: JobQueue, leases: Sequence[Lease]) -> list[str]:
    return [job.status for job in found(queue, leases)]


def kept(queue: JobQueue) -> list[str]:
    """What the effects stored, in no order."""
    with queue.sessions.read() as session:
        return sorted(row.text for row in PromptRepository(session).newest(LOCAL_OWNER_ID, limit=100, offset=0).items)


def note(lease: Lease, _progress: Progress) -> Effect:
    """Work whose effect is a row that names the job."""
    return lambda session: keep(session, lease)


def keep(session: Session, lease: Lease) -> None:
    session.add(Prompt(user_id=LOCAL_OWNER_ID, text=str(lease.job_id), request={}))


def run(queue: JobQueue, leases: Sequence[Lease], work: Callable[[Lease, Progress], Effect | None] = note) -> None:
    runner = Runner(queue, {KIND: work})
    runner.run_all(leases, lambda: False)
    assert runner.held == ()


def names(leases: Sequence[Lease]) -> list[str]:
    return sorted(str(lease.job_id) for lease in leases)


def test_jobs_end_in_one_transaction_with_their_effects(queue: JobQueue) -> None:
    leases = claimed(queue, 5)
    run(queue, leases)
    jobs = found(queue, leases)
    assert {(job.status, job.progress, job.worker, job.leased_until) for job in jobs} == {
        (JobStatus.COMPLETE, 1.0, None, None)
    }
    # Changes of one transaction share their number.
    assert len({job.revision for job in jobs}) == 1
    assert kept(queue) == names(leases)


def test_whoever_lost_its_lease_changes_nothing_and_the_others_end(queue: JobQueue) -> None:
    leases = claimed(queue, 4)

    def work(lease: Lease, progress: Progress) -> Effect:
        if lease == leases[1]:
            assert queue.lose(lease.job_id, lease.token)
            again = queue.claim("other")
            assert again is not None
            assert again.job_id == lease.job_id
        if lease == leases[3]:
            with queue.sessions.write() as session:
                queue.cancel(session, lease.job_id)
        return note(lease, progress)

    run(queue, leases, work)
    done, running, cancelled = JobStatus.COMPLETE, JobStatus.RUNNING, JobStatus.CANCELLED
    assert statuses(queue, leases) == [done, running, done, cancelled]
    assert found(queue, leases)[1].worker == "other"
    assert kept(queue) == names([leases[0], leases[2]])


@pytest.mark.parametrize(
    ("error", "slug"), [(InvalidError("no"), "invalid"), (ZeroDivisionError("secret"), "internal")]
)
@pytest.mark.parametrize("late", [False, True])
def test_one_that_fails_takes_no_other_with_it(queue: JobQueue, error: Exception, slug: str, *, late: bool) -> None:
    leases = claimed(queue, 4)

    def work(lease: Lease, progress: Progress) -> Effect:
        def effect(session: Session) -> None:
            keep(session, lease)
            if lease == leases[2]:
                raise error

        if lease == leases[2] and not late:
            raise error
        return effect

    run(queue, leases, work)
    done = JobStatus.COMPLETE
    assert statuses(queue, leases) == [done, done, JobStatus.FAILED, done]
    assert found(queue, leases)[2].error_slug == slug
    assert kept(queue) == names([leases[0], leases[1], leases[3]])


def test_database_that_fails_once_at_the_end_costs_nothing(queue: JobQueue) -> None:
    leases = claimed(queue, 3)
    complete, fails = queue.complete_all, iter([True])

    def away(session: Session, given: Sequence[Lease]) -> object:
        if next(fails, False):
            raise DatabaseUnavailableError("the database is away")
        return complete(session, given)

    queue.complete_all = away  # type: ignore[method-assign, assignment]
    run(queue, leases)
    assert statuses(queue, leases) == [JobStatus.COMPLETE] * 3
    assert kept(queue) == names(leases)


def test_commit_that_was_made_but_not_heard_of_is_not_made_twice(queue: JobQueue) -> None:
    leases = claimed(queue, 3)

    def work(lease: Lease, progress: Progress) -> Effect:
        if lease == leases[2]:
            with queue.sessions.write() as session:
                for other in leases[:2]:
                    queue.complete(session, other)
                    keep(session, other)
        return note(lease, progress)

    run(queue, leases, work)
    assert statuses(queue, leases) == [JobStatus.COMPLETE] * 3
    assert kept(queue) == names(leases)


def test_crash_between_work_and_end_has_all_of_them_run_again(queue: JobQueue) -> None:
    for _ in range(3):
        with queue.sessions.write() as session:
            queue.enqueue(session, KIND, {})
    script = (
        "import os, sys; from text2song.jobs.queue import JobQueue; from text2song.jobs.runner import Runner\n"
        "from text2song.storage.engine import make_engine; from text2song.storage.session import Sessions\n"
        "queue = JobQueue(Sessions(make_engine(sys.argv[1])), lease_seconds=30, cheap={'count'})\n"
        "leases = queue.claim_several('w', cheap=queue.cheap, limit=9)\n"
        "die = lambda session: os._exit(7)\n"
        "work = lambda lease, progress: die if lease is leases[-1] else None\n"
        "Runner(queue, {'count': work}).run_all(leases, lambda: False)"
    )
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", script, url], check=False).returncode == 7
    assert queue.claim("v") is None
    assert queue.lose_all_of("w")
    leases = queue.claim_several("v", cheap=queue.cheap, limit=9)
    assert [(lease.token, lease.losses) for lease in leases] == [(2, 1)] * 3
    run(queue, leases)
    assert statuses(queue, leases) == [JobStatus.COMPLETE] * 3
    assert kept(queue) == names(leases)


def test_half_a_batch_is_ended_and_the_rest_given_back_when_stopped(queue: JobQueue) -> None:
    leases = claimed(queue, 5)
    begun: list[Lease] = []

    def work(lease: Lease, progress: Progress) -> Effect:
        begun.append(lease)
        return note(lease, progress)

    Runner(queue, {KIND: work}).run_all(leases, lambda: len(begun) == 2)
    assert statuses(queue, leases) == [JobStatus.COMPLETE] * 2 + [JobStatus.QUEUED] * 3
    assert [(job.losses, job.faults) for job in found(queue, leases)] == [(0, 0)] * 5
    assert kept(queue) == names(leases[:2])


def test_drain_that_runs_out_gives_back_what_is_done_but_not_ended(queue: JobQueue) -> None:
    leases = claimed(queue, 2)
    runner: Runner

    def work(lease: Lease, progress: Progress) -> Effect:
        if lease == leases[1]:
            # Time is over while the second job works: the first is done, and neither has ended.
            assert len(runner.held) == 2
            assert not runner.drain(0)
        return note(lease, progress)

    runner = Runner(queue, {KIND: work})
    runner.run_all(leases, lambda: False)
    assert statuses(queue, leases) == [JobStatus.QUEUED] * 2
    assert kept(queue) == []
