"""The queue beside Celery alone: `python -m benchmarks.queue [jobs] [rounds]`

Jobs that do nothing, enqueued one by one, each in a transaction of its own, while one worker process of each kind is
ready; the time is from the first enqueue to the last end. Celery alone (Valkey, its threads pool, no results) keeps
nothing on disk; the queue's jobs are rows with their end in the database. Rounds are interleaved, and medians kept.
"""

from __future__ import annotations

import csv
import datetime
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from celery import Celery, signals
from tests.servers import PostgresServer, ValkeyServer, fresh_database, server_folder

from text2song.domain.progress import Progress
from text2song.jobs.bells import bell_of
from text2song.jobs.doorbell import CeleryWorker, Doorbell, celery_app
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import own_name
from text2song.jobs.runner import Runner
from text2song.jobs.worker import Chores, Shift, Worker
from text2song.logging import configure_logging
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

RESULTS = Path(__file__).parent / "results"
KIND = "nothing"
LEASE = 30.0


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


def main(jobs: int, rounds: int) -> None:
    """Print and keep the table."""
    rates: dict[str, list[dict[str, float]]] = {}
    with server_folder() as one, server_folder() as other, tempfile.TemporaryDirectory() as folder:
        database, valkey = PostgresServer(one, durable=True), ValkeyServer(other)
        for number in range(rounds):
            with fresh_database(database.url) as first, fresh_database(database.url) as second:
                contenders = {
                    "celery alone": ("celery", valkey.url, ""),
                    "embedded sqlite": ("embedded", "", f"sqlite:///{folder}/{number}.db"),
                    "embedded postgresql": ("embedded", "", first),
                    "celery doorbell postgresql": ("doorbell", valkey.url, second),
                }
                for name, (kind, redis_url, url) in contenders.items():
                    valkey.flush()
                    rates.setdefault(name, []).append(_round(kind, redis_url, url, jobs))
                    print(name, rates[name][-1], flush=True)
        valkey.stop()
        database.stop()
    _keep(jobs, rates)


def _round(kind: str, redis_url: str, url: str, jobs: int) -> dict[str, float]:
    with _producer(kind, redis_url, url) as enqueue, _worker(kind, redis_url, url, jobs) as output:
        enqueue()
        output.readline()
        started = time.monotonic()
        for _ in range(jobs):
            enqueue()
        enqueued = time.monotonic()
        done = float(output.readline())
    return {
        "jobs_per_second": round(jobs / (done - started), 1),
        "enqueue_ms": round(1000 * (enqueued - started) / jobs, 3),
    }


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
    return JobQueue(Sessions(engine), lease_seconds=LEASE, bell=Doorbell(redis_url, inner) if redis_url else inner)


def work(kind: str, redis_url: str, url: str, jobs: int) -> None:
    """Be the worker of one contender, until killed."""
    configure_logging(json=False, level="WARNING")
    count = Count(jobs)
    if kind == "celery":
        _work_alone(celery_app(redis_url), count)
        return
    queue = _queue(redis_url, url)

    def nothing(lease: Lease, _progress: Progress) -> None:
        with queue.sessions.write() as session:
            queue.complete(session, lease)
        count.one()

    runner, name = Runner(queue, {KIND: nothing}), own_name()
    heartbeat = Heartbeat(database_url=url, lease_seconds=LEASE, worker=name)
    parts: dict[str, Any] = {"name": name, "heartbeat": heartbeat, "chores": Chores(tidy=lambda: None)}
    if kind == "doorbell":
        CeleryWorker(queue, runner, shift=Shift(slots=4), **parts).run()
    else:
        Worker(queue, runner, shift=Shift(cheap=frozenset({KIND})), **parts).run()


def _work_alone(app: Celery, count: Count) -> None:
    signals.setup_logging.connect(_no_logging, weak=False)
    # As an operator would have it who wants speed: acknowledged early, a default prefetch.
    app.conf.update(task_acks_late=False, worker_prefetch_multiplier=4)
    app.task(name="nothing")(count.one)
    quiet = {"without_mingle": True, "without_gossip": True, "without_heartbeat": True, "quiet": True}
    app.Worker(pool="threads", concurrency=4, **quiet).start()


def _no_logging(**_options: object) -> None:
    """Say nothing."""


def _keep(jobs: int, rates: dict[str, list[dict[str, float]]]) -> None:
    beside = statistics.median(rate["jobs_per_second"] for rate in rates["celery alone"])
    path = RESULTS / f"queue-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["contender", "jobs", "rounds", "jobs_per_second", "times_celery", "enqueue_ms"])
        for name, found in rates.items():
            rate = statistics.median(each["jobs_per_second"] for each in found)
            enqueue = statistics.median(each["enqueue_ms"] for each in found)
            row = [name, jobs, len(found), rate, round(rate / beside, 2), enqueue]
            writer.writerow(row)
            print(*row)


if __name__ == "__main__":
    if "--worker" in sys.argv:
        work(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        figures = [int(argument) for argument in sys.argv[1:]]
        main(*(figures + [2000, 3][len(figures) :]))
