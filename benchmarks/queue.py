"""The queue beside Celery alone: `python -m benchmarks.queue [jobs] [rounds]`

Jobs that do nothing, each enqueued in a transaction of its own by one thread, then by several, while one worker process
of each kind is ready; the time is from the first enqueue to the last end. Celery alone (Valkey, its threads pool, no
results) keeps nothing on disk; the queue's jobs are rows with their end in the database. PostgreSQL answers an enqueue
when the disk has it, so one thread alone cannot have more of them in a second than the disk has writes that it confirms
(`fdatasync_ms`). Rounds are interleaved, and medians kept.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
from celery import Celery, signals
from tests.servers import PostgresServer, ValkeyServer, fresh_database, server_folder

from text2song.domain.progress import Progress
from text2song.jobs.bells import bell_of
from text2song.jobs.doorbell import CeleryWorker, Doorbell, celery_app
from text2song.jobs.ends import Effect
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import own_name
from text2song.jobs.runner import Runner
from text2song.jobs.worker import Chores, Shift, Worker
from text2song.logging import configure_logging
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions, after_commit

RESULTS = Path(__file__).parent / "results"
KIND = "nothing"
LEASE = 30.0
#: Threads that enqueue at the same time.
ENQUEUERS = (1, 8)
#: Seconds between a worker's first job and the count, in which whatever it starts beside itself is up.
SETTLE_SECONDS = 4.0


class Count:
    """Says the first end, which means ready, and when the last of many came."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._done = -1

    def one(self) -> None:
        """Count an end."""
        self._done += 1
        if self._done in (0, self._wanted):
            print(time.monotonic(), flush=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one round gave."""

    jobs_per_second: float
    #: How long whoever enqueues waits.
    enqueue_ms: float
    #: Processor time of enqueuers, worker and servers together.
    cpu_ms: float
    #: How long the disk takes to confirm a write, then.
    fdatasync_ms: float


def main(jobs: int, rounds: int) -> None:
    """Print and keep the table."""
    found: dict[tuple[str, int], list[Figures]] = {}
    with server_folder() as one, server_folder() as other, tempfile.TemporaryDirectory() as folder:
        database, valkey = PostgresServer(one, durable=True), ValkeyServer(other)
        for number, threads in itertools.product(range(rounds), ENQUEUERS):
            with fresh_database(database.url) as first, fresh_database(database.url) as second:
                contenders = {
                    "celery alone": ("celery", valkey.url, ""),
                    "embedded sqlite": ("embedded", "", f"sqlite:///{folder}/{number}-{threads}.db"),
                    "embedded postgresql": ("embedded", "", first),
                    "celery doorbell postgresql": ("doorbell", valkey.url, second),
                }
                for name, (kind, redis_url, url) in contenders.items():
                    valkey.flush()
                    figures = _round(kind, redis_url, url, jobs, threads, one)
                    found.setdefault((name, threads), []).append(figures)
                    print(name, threads, figures, flush=True)
        valkey.stop()
        database.stop()
    _keep(jobs, found)


def _round(kind: str, redis_url: str, url: str, jobs: int, threads: int, folder: Path) -> Figures:
    disk = _fdatasync_ms(folder)
    with _producer(kind, redis_url, url) as enqueue, _worker(kind, redis_url, url, jobs) as output:
        enqueue()
        output.readline()
        time.sleep(SETTLE_SECONDS)
        with ThreadPoolExecutor(threads) as pool:
            started, before = time.monotonic(), _cpu_seconds()
            for each in [pool.submit(_times, jobs // threads, enqueue) for _ in range(threads)]:
                each.result()
        enqueued = time.monotonic()
        done = float(output.readline())
        spent = _cpu_seconds() - before
    return Figures(
        jobs_per_second=round(jobs / (done - started), 1),
        enqueue_ms=round(1000 * threads * (enqueued - started) / jobs, 3),
        cpu_ms=round(1000 * spent / jobs, 3),
        fdatasync_ms=disk,
    )


def _times(count: int, enqueue: Callable[[], object]) -> None:
    for _ in range(count):
        enqueue()


def _cpu_seconds() -> float:
    """Return the processor time that this process and all that it started have used."""
    this = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in [this, *this.children(recursive=True)])


def _fdatasync_ms(folder: Path) -> float:
    """Return how long the disk takes to confirm one page written over another, the median of fifty."""
    path, taken = folder / "page", []
    with path.open("wb", buffering=0) as file:
        for _ in range(51):
            started = time.monotonic()
            os.pwrite(file.fileno(), bytes(8192), 0)
            os.fdatasync(file.fileno())
            taken.append(1000 * (time.monotonic() - started))
    return round(statistics.median(taken), 3)


@contextmanager
def _producer(kind: str, redis_url: str, url: str) -> Iterator[Callable[[], object]]:
    if kind == "celery":
        app = celery_app(redis_url)
        yield lambda: app.send_task("nothing", ignore_result=True)
        app.close()
        return
    queue = _queue(redis_url, url)

    def enqueue() -> None:
        with queue.sessions.write() as session:
            queue.enqueue(session, KIND, {})

    yield enqueue
    queue.bell.close()
    queue.sessions.engine.dispose()


@contextmanager
def _worker(kind: str, redis_url: str, url: str, jobs: int) -> Iterator[IO[str]]:
    command = [sys.executable, "-m", "benchmarks.queue", "--worker", kind, redis_url, url, str(jobs)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _queue(redis_url: str, url: str) -> JobQueue:
    engine = make_engine(url)
    upgrade(engine)
    inner = bell_of(engine)
    return JobQueue(
        Sessions(engine), lease_seconds=LEASE, bell=Doorbell(redis_url, inner) if redis_url else inner, cheap={KIND}
    )


def work(kind: str, redis_url: str, url: str, jobs: int) -> None:
    """Be the worker of one contender, until killed."""
    configure_logging(json=False, level="WARNING")
    count = Count(jobs)
    if kind == "celery":
        _work_alone(celery_app(redis_url), count)
        return
    queue = _queue(redis_url, url)

    def nothing(_lease: Lease, _progress: Progress) -> Effect:
        return lambda session: after_commit(session, count.one)

    runner, name = Runner(queue, {KIND: nothing}), own_name()
    heartbeat = Heartbeat(database_url=url, lease_seconds=LEASE, worker=name)
    parts: dict[str, Any] = {"name": name, "heartbeat": heartbeat, "chores": Chores(tidy=lambda: None)}
    if kind == "doorbell":
        CeleryWorker(queue, runner, shift=Shift(slots=4), **parts).run()
    else:
        Worker(queue, runner, **parts).run()


def _work_alone(app: Celery, count: Count) -> None:
    signals.setup_logging.connect(_no_logging, weak=False)
    # As an operator would have it who wants speed: acknowledged early, a default prefetch.
    app.conf.update(task_acks_late=False, worker_prefetch_multiplier=4)
    app.task(name="nothing")(count.one)
    quiet = {"without_mingle": True, "without_gossip": True, "without_heartbeat": True, "quiet": True}
    app.Worker(pool="threads", concurrency=4, **quiet).start()


def _no_logging(**_options: object) -> None:
    """Say nothing."""


def _keep(jobs: int, found: dict[tuple[str, int], list[Figures]]) -> None:
    def median(name: str, threads: int, figure: str) -> float:
        return float(statistics.median(getattr(each, figure) for each in found[name, threads]))

    path = RESULTS / f"queue-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    figures = [field.name for field in dataclasses.fields(Figures)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["contender", "enqueuers", "jobs", "rounds", "times_celery", *figures])
        for (name, threads), rounds in sorted(found.items(), key=lambda item: item[0][1]):
            times = median(name, threads, "jobs_per_second") / median("celery alone", threads, "jobs_per_second")
            medians = [median(name, threads, figure) for figure in figures]
            row = [name, threads, jobs, len(rounds), round(times, 2), *medians]
            writer.writerow(row)
            print(*row)


if __name__ == "__main__":
    if "--worker" in sys.argv:
        work(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        figures = [int(argument) for argument in sys.argv[1:]]
        main(*(figures + [2000, 3][len(figures) :]))
