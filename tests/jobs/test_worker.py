"""The worker's loop: what each end of a handler makes of its job, and how progress is told."""

from __future__ import annotations

import os
import queue as queues
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from text2song.domain.progress import Progress
from text2song.jobs import worker as worker_module
from text2song.jobs.bells import bell_of
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster, own_name
from text2song.jobs.runner import Runner
from text2song.jobs.worker import Chores, Departure, Shift, Worker, await_order
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
    made = JobQueue(Sessions(engine), lease_seconds=5, bell=bell_of(engine))
    yield made
    made.bell.close()
    engine.dispose()


def enqueue(queue: JobQueue) -> Job:
    with queue.sessions.write() as session:
        return queue.enqueue(session, "sing", {})


def job_of(queue: JobQueue, job: Job) -> Job:
    with queue.sessions.read() as session:
        return JobRepository(session).get(job.id)


def work_until(
    queue: JobQueue,
    handle: Handle,
    enough: Callable[[], bool],
    shift: Shift | None = None,
    kinds: tuple[str, ...] = ("sing",),
    tidy: Callable[[], object] | None = None,
) -> int:
    """Run a worker over `handle` until `enough`; return how often it tidied."""
    name, tidied = own_name(), []
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    heartbeat = Heartbeat(database_url=url, lease_seconds=queue.lease_seconds, worker=name)
    chores = Chores(tidy=tidy or (lambda: tidied.append(1)))
    runner = Runner(queue, dict.fromkeys(kinds, handle))
    worker = Worker(queue, runner, name=name, heartbeat=heartbeat, chores=chores, shift=shift)
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


def test_finished_work_is_complete_and_tidied_after(queue: JobQueue) -> None:
    def sing(lease: Lease, progress: Progress) -> None:
        progress("singing", 0.5)
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    jobs = [enqueue(queue) for _ in range(3)]
    tidied = work_until(queue, sing, lambda: all(job_of(queue, job).progress == 1 for job in jobs))
    assert all(job_of(queue, job).status == JobStatus.COMPLETE for job in jobs)
    assert tidied >= 1


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


def test_running_jobs_have_time_to_end_and_no_other_begins(queue: JobQueue) -> None:
    jobs = [enqueue(queue) for _ in range(3)]
    begun = threading.Event()

    def sing(lease: Lease, progress: Progress) -> None:
        begun.set()
        for _ in range(20):
            progress("singing", 0.5)
            time.sleep(0.02)
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    work_until(queue, sing, begun.is_set, Shift(drain_seconds=5))
    assert [job_of(queue, job).status for job in jobs] == [JobStatus.COMPLETE, JobStatus.QUEUED, JobStatus.QUEUED]


def test_many_at_once_are_given_back_when_the_time_is_over(queue: JobQueue) -> None:
    jobs = [enqueue(queue) for _ in range(7)]
    begun: list[Lease] = []

    def sing(lease: Lease, progress: Progress) -> None:
        begun.append(lease)
        while True:
            progress("singing", 0.5)
            time.sleep(0.02)

    started = time.monotonic()
    work_until(queue, sing, lambda: len(begun) == 4, Shift(slots=4, drain_seconds=0.5))
    assert time.monotonic() - started < 15
    assert {job_of(queue, job).status for job in jobs} == {JobStatus.QUEUED}
    assert sorted(job_of(queue, job).token for job in jobs) == [0, 0, 0, 1, 1, 1, 1]


def test_idle_worker_hears_of_a_job_at_once(queue: JobQueue) -> None:
    heard: list[float] = []

    def sing(lease: Lease, progress: Progress) -> None:
        with queue.sessions.write() as session:
            queue.complete(session, lease)
        heard.append(time.monotonic())

    rung: list[float] = []

    def ask_and_look() -> bool:
        if len(rung) == len(heard) and len(rung) < 5:
            time.sleep(0.1)
            rung.append(time.monotonic())
            enqueue(queue)
        return len(heard) == 5

    work_until(queue, sing, ask_and_look)
    delays = sorted(done - asked for asked, done in zip(rung, heard, strict=True))
    # Asking once a second would take half a second in the middle.
    assert delays[2] < 0.3


def test_gathering_cheap_jobs_delays_neither_the_first_nor_a_dear_one(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "GATHER_SECONDS", 8.0)
    queue.cheap = frozenset({"count"})
    heard: dict[str, float] = {}
    asked: dict[str, float] = {}
    orders = iter(["sing", "count", "last"])

    def work(lease: Lease, _progress: Progress) -> None:
        heard[str(lease.payload["name"])] = time.monotonic()
        if lease.kind == "sing":
            with queue.sessions.write() as session:
                queue.complete(session, lease)

    def ask_and_look() -> bool:
        if len(asked) == len(heard) and len(asked) < 3:
            time.sleep(0.2)
            name = next(orders)
            asked[name] = time.monotonic()
            with queue.sessions.write() as session:
                queue.enqueue(session, "sing" if name == "sing" else "count", {"name": name})
        return len(heard) == 3

    work_until(queue, work, ask_and_look, kinds=("sing", "count"))
    delays = {name: heard[name] - asked[name] for name in heard}
    assert delays["sing"] < 3
    assert delays["count"] < 3
    # What comes right after some cheap ones waits to be claimed with more.
    assert delays["last"] > 4


def test_slot_outlives_whatever_goes_wrong_around_its_jobs(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue(queue)
    failures = {"check": OSError("no process left"), "run_all": RuntimeError("cannot be")}
    check, run_all = Heartbeat.check, Runner.run_all

    def failing_check(heartbeat: Heartbeat) -> None:
        if error := failures.pop("check", None):
            raise error
        check(heartbeat)

    def failing_run(runner: Runner, leases: list[Lease], stopped: Callable[[], bool]) -> None:
        if leases and (error := failures.pop("run_all", None)):
            raise error
        run_all(runner, leases, stopped)

    def sing(lease: Lease, _progress: Progress) -> None:
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    monkeypatch.setattr(worker_module, "_IDLE_SECONDS", 0.05)
    monkeypatch.setattr(Heartbeat, "check", failing_check)
    monkeypatch.setattr(Runner, "run_all", failing_run)
    work_until(queue, sing, lambda: job_of(queue, job).status == JobStatus.COMPLETE)
    assert job_of(queue, job).status == JobStatus.COMPLETE
    assert failures == {}


def test_jobs_are_done_though_nothing_can_be_tidied(queue: JobQueue) -> None:
    job = enqueue(queue)

    def sing(lease: Lease, _progress: Progress) -> None:
        with queue.sessions.write() as session:
            queue.complete(session, lease)

    def untidy() -> None:
        raise PermissionError(13, "not ours to remove")

    work_until(queue, sing, lambda: job_of(queue, job).status == JobStatus.COMPLETE, tidy=untidy)
    assert job_of(queue, job).status == JobStatus.COMPLETE


class EndedError(Exception):
    """Stands for the end of the process."""


def test_worker_whose_work_hangs_makes_room(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(status: int) -> None:
        raise EndedError(status)

    said, go = threading.Event(), threading.Event()

    def sing(_lease: Lease, progress: Progress) -> None:
        progress("singing", 0.5)
        said.set()
        go.wait(60)

    monkeypatch.setattr(worker_module, "_WATCH_SECONDS", 0.01)
    monkeypatch.setattr(os, "_exit", end)
    job, name = enqueue(queue), own_name()
    Roster(queue).sign_in(name)
    runner = Runner(queue, {"sing": sing})
    lease = queue.claim(name)
    assert lease is not None
    working = threading.Thread(target=runner.run, args=(lease,), daemon=True)
    working.start()
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    departure = Departure(queue, Heartbeat(database_url=url, lease_seconds=5, worker=name), name)
    orders: queues.SimpleQueue[None] = queues.SimpleQueue()
    assert said.wait(20)
    # Whoever has just spoken is left alone.
    orders.put(None)
    await_order(orders, runner, departure)
    monkeypatch.setattr(worker_module, "SILENCE_SECONDS", 0.2)
    with pytest.raises(EndedError, match="3"):
        await_order(orders, runner, departure)
    assert job_of(queue, job).status == JobStatus.QUEUED
    go.set()
    working.join(20)
    assert runner.silence == 0.0
