"""Rings over a real Valkey: one for each job, again for those that were lost, none that anybody waits for."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from redis.exceptions import ConnectionError as RedisAwayError
from tests.servers import ValkeyServer, free_port

from text2song.jobs.bells import LocalBell
from text2song.jobs.doorbell import QUEUE, Doorbell, Reminder
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
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
    yield JobQueue(Sessions(engine), lease_seconds=10, bell=bell)
    engine.dispose()


def enqueue(queue: JobQueue) -> UUID:
    with queue.sessions.write() as session:
        return queue.enqueue(session, "sing", {}).id


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
