"""The worker's loop: what each end of a handler makes of its job, and how progress is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from text2song.domain.errors import CancelledError, InvalidError, UnavailableError
from text2song.domain.progress import Progress
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster, own_name
from text2song.jobs.worker import Chores, Reporter, Worker
from text2song.storage.engine import make_engine
from text2song.storage.models import Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

Handle = Callable[[Lease, Progress], None]


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=5)
    engine.dispose()


def enqueue(queue: JobQueue) -> Job:
    with queue.sessions.write() as session:
        return queue.enqueue(session, "sing", {})


def job_of(queue: JobQueue, job: Job) -> Job:
    with queue.sessions.read() as session:
        return JobRepository(session).get(job.id)


def work_until(queue: JobQueue, handle: Handle, enough: Callable[[], bool]) -> int:
    """Run a worker over `handle` until `enough`; return how often it tidied."""
    name, tidied = own_name(), []
    url = str(queue.sessions.engine.url)
    heartbeat = Heartbeat(database_url=url, lease_seconds=queue.lease_seconds, worker=name)
    chores = Chores(tidy=lambda: tidied.append(1))
    worker = Worker(queue, {"sing": handle}, name=name, heartbeat=heartbeat, chores=chores)
    thread = threading.Thread(target=worker.run)
    thread.start()
    limit = time.monotonic() + 20
    while not enough() and time.monotonic() < limit:
        time.sleep(0.02)
    worker.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert Roster(queue).alive() == 0
    return len(tidied)


def ends_as(queue: JobQueue, handle: Handle, status: JobStatus) -> Job:
    job = enqueue(queue)
    work_until(queue, handle, lambda: job_of(queue, job).status == status)
    found = job_of(queue, job)
    assert found.status == status
    return found


def test_finished_work_is_complete_and_tidied_after(queue: JobQueue) -> None:
    def sing(lease: Lease, progress: Progress) -> None:
        progress("singing", 0.5)
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    jobs = [enqueue(queue) for _ in range(3)]
    tidied = work_until(queue, sing, lambda: all(job_of(queue, job).progress == 1 for job in jobs))
    assert all(job_of(queue, job).status == JobStatus.COMPLETE for job in jobs)
    assert tidied >= 3


def _raising(error: Exception) -> Handle:
    def fail(_lease: Lease, _progress: Progress) -> None:
        raise error

    return fail


def test_wrong_requests_fail_at_once_with_their_reason(queue: JobQueue) -> None:
    job = ends_as(queue, _raising(InvalidError("no such genre")), JobStatus.FAILED)
    assert (job.error, job.error_slug, job.faults) == ("no such genre", "invalid", 0)


def test_defects_fail_without_details_and_never_the_worker(queue: JobQueue) -> None:
    job = ends_as(queue, _raising(ZeroDivisionError("secret")), JobStatus.FAILED)
    assert job.error_slug == "internal"
    assert "secret" not in str(job.error)


def test_transient_faults_are_tried_again(queue: JobQueue) -> None:
    job = enqueue(queue)
    fail = _raising(UnavailableError("the store is away"))
    work_until(queue, fail, lambda: job_of(queue, job).faults == 1)
    found = job_of(queue, job)
    assert (found.status, found.faults) == (JobStatus.QUEUED, 1)
    assert "the store is away" in found.stage


def test_stop_gives_the_job_back_while_the_work_still_goes_on(queue: JobQueue) -> None:
    job = enqueue(queue)
    begun, seen = threading.Event(), []

    def sing(_lease: Lease, progress: Progress) -> None:
        begun.set()
        for _ in range(200):
            progress("singing", 0.5)
            time.sleep(0.02)
        seen.append("to the end")

    work_until(queue, sing, begun.is_set)
    found = job_of(queue, job)
    assert (found.status, found.losses, found.faults) == (JobStatus.QUEUED, 0, 0)
    assert seen == []


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
