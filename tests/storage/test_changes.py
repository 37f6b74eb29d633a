"""Whoever follows the numbers of changes misses none, whatever commits in whichever order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from uuid import UUID

import pytest

from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

WRITERS = 8
CHANGES = 20


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=10)
    engine.dispose()


class Follower(threading.Thread):
    """Notes the last state of every job that the feed shows."""

    def __init__(self, queue: JobQueue, limit: int) -> None:
        super().__init__()
        self.queue = queue
        self.limit = limit
        self.position = 0
        self.stages: dict[UUID, list[str]] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            self.look()

    def look(self) -> int:
        with self.queue.sessions.read() as session:
            found = JobRepository(session).changed_after(self.position, limit=self.limit)
        for job in found:
            assert job.revision >= self.position
            self.position = max(self.position, job.revision)
            self.stages.setdefault(job.id, []).append(job.stage)
        return len(found)


def write(queue: JobQueue, name: int) -> None:
    """Make jobs, each in a transaction of its own that commits a while after its change was numbered."""
    for number in range(CHANGES):
        with queue.sessions.write() as session:
            job = JobRepository(session).get(queue.enqueue(session, "sing", {}).id)
            job.stage = f"{name}/{number}"
            session.flush()
            time.sleep(0.001 * ((name * 7 + number * 3) % 5))


def test_followers_miss_no_change_of_concurrent_writers(queue: JobQueue) -> None:
    followers = [Follower(queue, limit) for limit in (1, 500)]
    writers = [threading.Thread(target=write, args=(queue, name)) for name in range(WRITERS)]
    for thread in (*followers, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    wanted = {f"{name}/{number}" for name in range(WRITERS) for number in range(CHANGES)}
    limit = time.monotonic() + 10
    while time.monotonic() < limit and any(len(follower.stages) < len(wanted) for follower in followers):
        time.sleep(0.02)
    for follower in followers:
        follower.enough.set()
        follower.join()
        assert {stages[-1] for stages in follower.stages.values()} == wanted


def test_a_change_that_commits_late_is_shown_late_and_not_never(queue: JobQueue) -> None:
    if queue.sessions.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: nothing commits out of order")
    follower = Follower(queue, 10)
    with queue.sessions.write() as early:
        slow = queue.enqueue(early, "sing", {})
        with queue.sessions.write() as late:
            quick = queue.enqueue(late, "sing", {})
        follower.look()
        # The later number waits, for the earlier may still come.
        assert follower.stages == {}
    follower.look()
    assert set(follower.stages) == {slow.id, quick.id}


def test_changes_of_one_transaction_come_together(queue: JobQueue) -> None:
    for _ in range(5):
        with queue.sessions.write() as session:
            queue.enqueue(session, "sing", {})
    follower = Follower(queue, 100)
    follower.look()
    assert queue.claim_several("w", cheap={"sing"}, limit=5)
    assert queue.lose_all_of("w")
    one_at_a_time = Follower(queue, 1)
    one_at_a_time.position = follower.position
    while one_at_a_time.look():
        pass
    assert len(one_at_a_time.stages) == 5


def test_number_of_a_removed_row_is_not_given_again(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        gone = queue.enqueue(session, "sing", {})
    with queue.sessions.write() as session:
        JobRepository(session).delete(JobRepository(session).get(gone.id))
    with queue.sessions.write() as session:
        after = queue.enqueue(session, "sing", {})
    assert after.revision > gone.revision


def test_position_is_after_everything_that_is_visible(queue: JobQueue) -> None:
    with queue.sessions.read() as session:
        before = JobRepository(session).revision()
    with queue.sessions.write() as session:
        job = queue.enqueue(session, "sing", {})
    with queue.sessions.read() as session:
        assert [found.id for found in JobRepository(session).changed_after(before, limit=9)] == [job.id]
        assert JobRepository(session).changed_after(JobRepository(session).revision(), limit=9) == ()
