"""What each end of a handler makes of its job, and how progress is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from text2song.domain.errors import CancelledError, InvalidError, UnavailableError
from text2song.domain.progress import Progress
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.jobs.queue import JobQueue
from text2song.jobs.runner import Reporter, Runner
from text2song.storage.models import Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.session import DatabaseUnavailableError

Handle = Callable[[Lease, Progress], None]


def enqueue(queue: JobQueue) -> Job:
    with queue.sessions.write() as session:
        return queue.enqueue(session, "sing", {})


def run(queue: JobQueue, handle: Handle) -> Job:
    """Claim and run one new job; return it as it is then."""
    job = enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None
    runner = Runner(queue, {"sing": handle})
    runner.run(lease)
    assert runner.held == ()
    with queue.sessions.read() as session:
        return JobRepository(session).get(job.id)


def _raising(error: Exception) -> Handle:
    def fail(_lease: Lease, _progress: Progress) -> None:
        raise error

    return fail


def test_finished_work_is_complete(queue: JobQueue) -> None:
    def sing(lease: Lease, progress: Progress) -> None:
        progress("singing", 0.5)
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    assert run(queue, sing).status == JobStatus.COMPLETE


def test_wrong_requests_fail_at_once_with_their_reason(queue: JobQueue) -> None:
    job = run(queue, _raising(InvalidError("no such genre")))
    assert (job.status, job.error, job.error_slug, job.faults) == (JobStatus.FAILED, "no such genre", "invalid", 0)


def test_defects_fail_without_details_and_never_the_worker(queue: JobQueue) -> None:
    job = run(queue, _raising(ZeroDivisionError("secret")))
    assert (job.status, job.error_slug) == (JobStatus.FAILED, "internal")
    assert "secret" not in str(job.error)


def test_transient_faults_are_tried_again(queue: JobQueue) -> None:
    job = run(queue, _raising(UnavailableError("the store is away")))
    assert (job.status, job.faults, job.losses) == (JobStatus.QUEUED, 1, 0)
    assert "the store is away" in job.stage


def test_failing_database_is_not_the_job_s_fault(queue: JobQueue) -> None:
    job = run(queue, _raising(DatabaseUnavailableError("the database is away")))
    assert (job.status, job.faults, job.losses) == (JobStatus.QUEUED, 0, 1)
    assert queue.claim("w") is None


def test_end_is_told_as_soon_as_the_database_is_back(queue: JobQueue) -> None:
    fails = iter([True, True, False])
    fail = queue.fail

    def away(lease: Lease, slug: str, reason: str) -> bool:
        if next(fails):
            raise DatabaseUnavailableError("the database is away")
        return fail(lease, slug, reason)

    queue.fail = away  # type: ignore[method-assign]
    assert run(queue, _raising(InvalidError("no such genre"))).status == JobStatus.FAILED


def test_cancelled_work_ends_quietly(queue: JobQueue) -> None:
    def sing(lease: Lease, progress: Progress) -> None:
        with queue.sessions.write() as session:
            queue.cancel(session, lease.job_id)
        progress("singing", 0.5)
        raise AssertionError("the report must have raised")

    assert run(queue, sing).status == JobStatus.CANCELLED


def test_drain_waits_for_what_ends_in_time(queue: JobQueue) -> None:
    enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None
    begun = threading.Event()

    def sing(lease: Lease, progress: Progress) -> None:
        begun.set()
        time.sleep(0.3)
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    runner = Runner(queue, {"sing": sing})
    thread = threading.Thread(target=runner.run, args=(lease,))
    thread.start()
    assert begun.wait(5)
    assert runner.drain(5)
    thread.join()
    assert runner.drain(0)


def test_reports_are_few_and_never_run_backwards(queue: JobQueue) -> None:
    enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None
    written: list[float] = []
    renew = queue.renew

    def noted(lease: Lease, stage: str, progress: float) -> None:
        written.append(progress)
        renew(lease, stage, progress)

    queue.renew = noted  # type: ignore[method-assign]
    report = Reporter(queue, lease, threading.Event())
    started = time.monotonic()
    for fraction in (0.5, 0.2, 0.6, 0.1):
        for _ in range(40):
            report("singing", fraction)
            time.sleep(0.005)
    assert len(written) <= 5 * (time.monotonic() - started) + 1
    assert written == sorted(written)


def test_report_stops_the_work(queue: JobQueue) -> None:
    job = enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None
    with queue.sessions.write() as session:
        queue.cancel(session, job.id)
    with pytest.raises(CancelledError):
        Reporter(queue, lease, threading.Event())("singing", 0.5)
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(LeaseLostError, match="told to stop"):
        Reporter(queue, lease, stopping)("singing", 0.5)


def test_report_survives_a_database_that_is_away(queue: JobQueue) -> None:
    job = enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None

    tried: list[str] = []

    def away(lease: Lease, stage: str, progress: float) -> None:
        tried.append(stage)
        raise DatabaseUnavailableError("the database is away")

    there, queue.renew = queue.renew, away  # type: ignore[method-assign]
    Reporter(queue, lease, threading.Event())("singing", 0.5)
    assert tried == ["singing"]
    # The lease is still good, and what was not told then is told now.
    queue.renew = there  # type: ignore[method-assign]
    Reporter(queue, lease, threading.Event())("mixing", 0.6)
    with queue.sessions.read() as session:
        assert session.get_one(Job, job.id).stage == "mixing"


def test_a_patient_drain_waits_for_the_work_until_it_is_hurried(queue: JobQueue) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(lease: Lease, progress: Progress) -> None:
        started.set()
        go_on.wait(20)
        progress("x", 0.5)

    runner = Runner(queue, {"sing": work})
    job = enqueue(queue)
    lease = queue.claim("w")
    assert lease is not None
    thread = threading.Thread(target=runner.run, args=(lease,))
    thread.start()
    assert started.wait(20)
    runner.patient = True
    drain = threading.Thread(target=runner.drain, args=(0.0,))
    drain.start()
    time.sleep(0.3)
    assert drain.is_alive()
    runner.patient = False
    drain.join(20)
    assert not drain.is_alive()
    go_on.set()
    thread.join(20)
    with queue.sessions.read() as session:
        assert JobRepository(session).get(job.id).status == JobStatus.QUEUED
