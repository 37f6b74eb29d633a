"""Workers sign in and out; the jobs of silent and dead ones go back at once."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from text2song.jobs import roster as roster_module
from text2song.jobs.memory import memory_queue
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster, own_name
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


def working(queue: JobQueue, roster: Roster) -> str:
    """Return the name of a worker that has taken a job."""
    name = own_name()
    roster.sign_in(name)
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})
    assert queue.claim(name) is not None
    return name


def test_names_are_never_the_same() -> None:
    names = {own_name() for _ in range(100)}
    assert len(names) == 100
    assert all(f":{os.getpid()}:" in name for name in names)


def test_sign_out_frees_the_job() -> None:
    queue = memory_queue()
    roster = Roster(queue)
    name = working(queue, roster)
    assert roster.alive() == 1
    assert queue.claim("other") is None
    roster.sign_out(name)
    assert roster.alive() == 0
    assert queue.claim("other") is not None


def test_dead_process_is_signed_out_by_its_id() -> None:
    queue = memory_queue()
    roster = Roster(queue)
    working(queue, roster)
    roster.sign_out_process(os.getpid() + 1)
    assert queue.claim("other") is None
    roster.sign_out_process(os.getpid())
    assert queue.claim("other") is not None


def test_silent_workers_are_forgotten_and_their_jobs_left_to_the_lease() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    queue = memory_queue(lease_seconds=10, clock=lambda: now[0])
    roster = Roster(queue)
    name = working(queue, roster)
    now[0] += timedelta(seconds=11)
    assert roster.alive() == 0
    roster.seen(name)
    assert roster.alive() == 1
    now[0] += timedelta(seconds=31)
    roster.sweep()
    assert queue.claim("other") is None
    # It was a clock that jumped, not a worker that died.
    roster.seen(name)
    assert roster.alive() == 1


def test_worker_and_heartbeat_enter_it_at_the_same_moment(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make_engine(postgres_url)
    upgrade(engine)
    queue = JobQueue(Sessions(engine), lease_seconds=10)
    name = own_name()

    def meanwhile(*arguments: object) -> object:
        # Not there when looked for; the other one was quicker.
        monkeypatch.setattr(roster_module, "insert", insert)
        Roster(queue).seen(name)
        return insert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(roster_module, "insert", meanwhile)
    Roster(queue).sign_in(name)
    assert [worker.name for worker in Roster(queue).present()].count(name) == 1
    engine.dispose()
