"""The heartbeat process: keeps a lease while its worker lives, frees the job the moment it does not."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.jobs.waiting import within

from text2song.jobs import heartbeat as heartbeat_module
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster, own_name
from text2song.storage.engine import make_engine
from text2song.storage.models import Worker
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

LEASE = 1.5


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=LEASE)
    engine.dispose()


def enqueue(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})


def start(queue: JobQueue) -> tuple[Heartbeat, Lease]:
    name = own_name()
    Roster(queue).sign_in(name)
    enqueue(queue)
    heartbeat = Heartbeat(
        database_url=queue.sessions.engine.url.render_as_string(hide_password=False), lease_seconds=LEASE, worker=name
    )
    # The process needs a moment to start; a real lease is longer than that.
    while Roster(queue).alive() == 0 or not _seen_again(queue):
        time.sleep(0.05)
    lease = queue.claim(name)
    assert lease is not None
    return heartbeat, lease


def _seen_again(queue: JobQueue) -> bool:
    from_start = queue.clock()
    time.sleep(LEASE / 2)
    with queue.sessions.read() as session:
        row = session.query(Worker).one()
    return row.seen_at > from_start


def test_lease_lives_as_long_as_the_worker_and_not_a_second_longer(queue: JobQueue) -> None:
    heartbeat, _lease = start(queue)
    assert not within(2 * LEASE, lambda: queue.claim("other") is not None)
    # What the kernel does to the pipe of a killed worker.
    assert heartbeat._process.stdin is not None
    heartbeat._process.stdin.close()
    assert within(1.0, lambda: queue.claim("other") is not None)
    assert heartbeat._process.wait(5) == 0


def test_farewell_gives_nothing_back(queue: JobQueue) -> None:
    heartbeat, lease = start(queue)
    heartbeat.stop()
    with queue.sessions.read() as session:
        assert JobRepository(session).get(lease.job_id).token == lease.token
    assert queue.claim("other") is None


def test_a_killed_heartbeat_is_started_again_with_the_next_job(queue: JobQueue) -> None:
    heartbeat, _lease = start(queue)
    heartbeat._process.kill()
    heartbeat._process.wait()
    first = heartbeat._process.pid
    heartbeat.check()
    assert heartbeat._process.pid != first
    assert heartbeat._process.poll() is None
    heartbeat.stop()


def test_no_heart_beats_in_a_stopped_worker(queue: JobQueue) -> None:
    name = own_name()
    script = (
        "import sys, time; from text2song.jobs.heartbeat import Heartbeat\n"
        "Heartbeat(database_url=sys.argv[1], lease_seconds=float(sys.argv[2]), worker=sys.argv[3]); time.sleep(60)"
    )
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    worker = subprocess.Popen([sys.executable, "-c", script, url, str(LEASE), name])
    enqueue(queue)
    # A process may take long to start where others work; the lease begins when it is there.
    assert within(120, lambda: Roster(queue).alive() == 1)
    assert queue.claim(name) is not None
    time.sleep(2 * LEASE)
    assert queue.claim("other") is None
    worker.send_signal(signal.SIGSTOP)
    # Its own heartbeat process finds the lease run out, like anyone's.
    assert within(4 * LEASE, lambda: queue.claim("other") is not None)
    worker.kill()
    worker.wait()


def test_worker_does_not_wait_for_a_heartbeat_that_hangs(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat_module, "_STOP_SECONDS", 0.2)
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    heartbeat = Heartbeat(database_url=url, lease_seconds=LEASE, worker=own_name())
    heartbeat._process.send_signal(signal.SIGSTOP)
    heartbeat.stop()
    assert heartbeat._process.returncode == -signal.SIGKILL


def test_many_threads_start_one_heartbeat(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    heartbeat = Heartbeat(database_url=url, lease_seconds=LEASE, worker=own_name())
    heartbeat._process.kill()
    heartbeat._process.wait()
    started, both = [], threading.Barrier(2)
    start = Heartbeat._start

    def counted(self: Heartbeat) -> subprocess.Popen[str]:
        started.append(1)
        # Whoever else comes so far as to start one is let do it.
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return start(self)

    monkeypatch.setattr(Heartbeat, "_start", counted)
    threads = [threading.Thread(target=heartbeat.check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heartbeat.stop()
    assert started == [1]


def test_process_that_is_gone_moves_no_more() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    assert not heartbeat_module._moves(child.pid)
