"""Rings over a real Valkey: one for each job, again for those that were lost, none that anybody waits for."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisAwayError
from tests.servers import ValkeyServer, free_port

from text2song.jobs import bells
from text2song.jobs import doorbell as doorbell_module
from text2song.jobs.bells import LocalBell
from text2song.jobs.doorbell import QUEUE, Doorbell, Reminder
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.models import JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = ValkeyServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def bell(valkey: ValkeyServer) -> Iterator[Doorbell]:
    made = Doorbell(valkey.url, LocalBell())
    yield made
    made.close()


@pytest.fixture
def queue(bell: Doorbell, tmp_path: Path) -> Iterator[JobQueue]:
    engine = make_engine(f"sqlite:///{tmp_path}/queue.db")
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=10, bell=bell, cheap={"count"})
    engine.dispose()


def enqueue(queue: JobQueue, kind: str = "sing") -> UUID:
    with queue.sessions.write() as session:
        return queue.enqueue(session, kind, {}).id


def arrived(bell: Doorbell, count: int) -> bool:
    limit = time.monotonic() + 10
    while bell.messages() != count and time.monotonic() < limit:
        time.sleep(0.02)
    return bell.messages() == count


def remind(queue: JobQueue, bell: Doorbell, times: int = 1) -> int:
    """Count so often, as if time had passed in between."""
    reminder, rung = Reminder(queue, bell), 0
    for _ in range(times):
        bell.redis.delete(f"{QUEUE}.reminding")
        rung += reminder.remind()
    return rung


def test_each_job_has_a_message_with_its_id_and_nothing_else(queue: JobQueue, bell: Doorbell) -> None:
    job_id = enqueue(queue)
    assert arrived(bell, 1)
    (message,) = bell.redis.lrange(QUEUE, 0, -1)
    arguments, named, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
    assert (arguments, named) == ([str(job_id)], {})


def test_lost_messages_are_sent_again_and_no_more(queue: JobQueue, bell: Doorbell, valkey: ValkeyServer) -> None:
    for _ in range(5):
        enqueue(queue)
    assert arrived(bell, 5)
    assert remind(queue, bell, 3) == 0
    valkey.flush()
    # One count is not enough: messages may be on their way.
    assert remind(queue, bell, 1) == 0
    assert remind(queue, bell, 4) == 5
    assert arrived(bell, 5)


def test_claimed_jobs_need_no_message(queue: JobQueue, bell: Doorbell, valkey: ValkeyServer) -> None:
    enqueue(queue), enqueue(queue)
    assert arrived(bell, 2)
    valkey.flush()
    assert queue.claim("w") is not None
    assert remind(queue, bell, 3) == 1


def test_workers_do_not_remind_beside_each_other(queue: JobQueue, bell: Doorbell, valkey: ValkeyServer) -> None:
    enqueue(queue)
    assert arrived(bell, 1)
    valkey.flush()
    first, second = Reminder(queue, bell), Reminder(queue, bell)
    for _ in range(5):
        assert first.remind() + second.remind() == 0


def test_orders_are_accepted_at_once_while_the_broker_is_away(
    queue: JobQueue, bell: Doorbell, valkey: ValkeyServer
) -> None:
    enqueue(queue)
    valkey.stop()
    started = time.monotonic()
    jobs = [enqueue(queue) for _ in range(20)]
    assert time.monotonic() - started < 5
    assert len(queue.line(100)) == len(jobs) + 1
    with pytest.raises(RedisAwayError):
        bell.messages()
    valkey.start()
    assert remind(queue, bell, 3) + bell.messages() >= 21


def test_bell_without_a_broker_closes() -> None:
    bell = Doorbell(f"redis://127.0.0.1:{free_port()}/0", LocalBell())
    started = time.monotonic()
    bell.ring(UUID(int=1))
    bell.close()
    assert time.monotonic() - started < 10


def test_cheap_jobs_share_messages(
    queue: JobQueue, bell: Doorbell, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "GATHER_SECONDS", 60.0)
    for _ in range(130):
        enqueue(queue, "count")
    # The first at once; the others wait, here for one of another kind.
    assert arrived(bell, 1)
    enqueue(queue)
    assert arrived(bell, 5)
    assert remind(queue, bell, 3) == 0
    valkey.flush()
    # 130 in batches of 64, and the other.
    assert remind(queue, bell, 4) == 4


def test_worker_answers_each_message_with_as_many_cheap_jobs_as_wait(
    queue: JobQueue, bell: Doorbell, valkey: ValkeyServer
) -> None:
    script = (
        "import sys; from text2song.jobs.bells import bell_of; from text2song.jobs.queue import JobQueue\n"
        "from text2song.jobs.doorbell import CeleryWorker, Doorbell; from text2song.jobs.heartbeat import Heartbeat\n"
        "from text2song.jobs.roster import own_name; from text2song.jobs.runner import Runner\n"
        "from text2song.jobs.worker import Chores, Shift\n"
        "from text2song.storage.engine import make_engine; from text2song.storage.session import Sessions\n"
        "engine = make_engine(sys.argv[1]); bell = Doorbell(sys.argv[2], bell_of(engine))\n"
        "queue = JobQueue(Sessions(engine), lease_seconds=10, bell=bell, cheap={'count'})\n"
        "name = own_name(); heartbeat = Heartbeat(database_url=sys.argv[1], lease_seconds=10, worker=name)\n"
        "runner = Runner(queue, {'count': lambda lease, progress: None})\n"
        "chores = Chores(tidy=lambda: None)\n"
        "CeleryWorker(queue, runner, name=name, heartbeat=heartbeat, chores=chores, shift=Shift(slots=2)).run()"
    )
    jobs = [enqueue(queue, "count") for _ in range(200)]
    valkey.flush()
    # One message for all of them, as where the others were lost or stood for jobs that another worker gave back.
    bell.publish(jobs[:1])
    url = queue.sessions.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", script, url, valkey.url]) as process:
        limit = time.monotonic() + 60
        while queue.line(1) and time.monotonic() < limit:
            time.sleep(0.05)
        time.sleep(0.5)
        process.kill()
    with queue.sessions.read() as session:
        assert {JobRepository(session).get(job_id).status for job_id in jobs} == {JobStatus.COMPLETE}


def test_reminder_outlives_whatever_the_broker_does(
    queue: JobQueue, bell: Doorbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell_module, "_REMIND_SECONDS", 0.01)
    stopped, failures = threading.Event(), [OperationalError("broker"), RuntimeError("anything")]

    def remind() -> int:
        if failures:
            raise failures.pop()
        stopped.set()
        return 0

    reminder = Reminder(queue, bell)
    monkeypatch.setattr(reminder, "remind", remind)
    thread = threading.Thread(target=reminder.run, args=(stopped,), daemon=True)
    thread.start()
    assert stopped.wait(5), "nobody reminds any more"
    thread.join(5)
