"""Bells wake those who wait, across processes, and break without breaking anything."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from text2song.jobs import bells
from text2song.jobs.bells import Bell, LocalBell, PostgresBell, Ringer, bell_of
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    yield made
    made.dispose()


def waited(bell: Bell, seconds: float) -> float:
    started = time.monotonic()
    bell.wait(seconds)
    return time.monotonic() - started


def test_wait_ends_without_a_ring(engine: Engine) -> None:
    bell = bell_of(engine)
    bell.wait(0.5)
    assert waited(bell, 0.4) == pytest.approx(0.4, abs=0.2)
    bell.close()


def test_another_process_rings(engine: Engine) -> None:
    bell = bell_of(engine)
    bell.wait(1.0)
    script = (
        "import sys; from text2song.jobs.bells import bell_of; from text2song.jobs.queue import JobQueue\n"
        "from text2song.storage.engine import make_engine; from text2song.storage.session import Sessions\n"
        "engine = make_engine(sys.argv[1])\n"
        "queue = JobQueue(Sessions(engine), lease_seconds=10, bell=bell_of(engine))\n"
        "with queue.sessions.write() as session: queue.enqueue(session, 'sing', {})\n"
        "queue.bell.close()"
    )
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", script, url])
    assert waited(bell, 30) < 29
    assert JobQueue(Sessions(engine), lease_seconds=10).claim("w") is not None
    assert process.wait(30) == 0
    bell.close()


def test_a_ring_wakes_every_waiting_thread() -> None:
    bell = LocalBell()
    threads = [threading.Thread(target=bell.wait, args=(10,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    bell.ring()
    for thread in threads:
        thread.join(2)
    assert not any(thread.is_alive() for thread in threads)


def test_bell_of_a_database_that_is_away_is_silent() -> None:
    bell = PostgresBell(make_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere"))
    started = time.monotonic()
    for _ in range(100):
        bell.ring()
    assert time.monotonic() - started < 0.5
    assert waited(bell, 0.3) < 1.0
    bell.close()


def test_many_rings_are_few_calls() -> None:
    calls: list[int] = []

    def slow(job_ids: Sequence[UUID | None]) -> None:
        calls.append(len(job_ids))
        time.sleep(0.05)

    ringer = Ringer(slow)
    for _ in range(100):
        ringer.ring()
    ringer.close()
    assert sum(calls) == 100
    assert len(calls) <= 5


def test_ring_between_the_look_and_the_wait_is_heard() -> None:
    bell = LocalBell()
    bell.wait(0.01)
    bell.ring()
    assert waited(bell, 10) < 5
    assert waited(bell, 0.1) >= 0.1


def test_cheap_rings_gather_after_the_first_and_dear_ones_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "GATHER_SECONDS", 10.0)
    calls: queue.SimpleQueue[Sequence[UUID | None]] = queue.SimpleQueue()
    ringer = Ringer(calls.put)
    ids = [UUID(int=number) for number in range(200)]
    ringer.ring(ids[0], cheap=True)
    assert calls.get(timeout=5) == ids[:1]
    for job_id in ids[1:]:
        ringer.ring(job_id, cheap=True)
    with pytest.raises(queue.Empty):
        calls.get(timeout=0.3)
    dear = UUID(int=1000)
    ringer.ring(dear)
    # One ring for each batch of the cheap ones.
    assert calls.get(timeout=5) == [dear, *ids[1 :: bells.BATCH]]
    ringer.ring(ids[0], cheap=True)
    ringer.close()
    assert calls.get(timeout=5) == ids[:1]


def test_bell_hears_again_after_its_connection_was_lost(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "_PAUSE_SECONDS", 0.01)
    engine = make_engine(postgres_url)
    bell = PostgresBell(engine)
    bell.wait(0.1)
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s"
    lost = 0
    with engine.connect() as connection:
        while not lost:
            lost = len(connection.exec_driver_sql(ends, (f"LISTEN {bells._CHANNEL}",)).fetchall())
    rung = 0
    for _ in range(100):
        bell._notify([])
        rung += waited(bell, 0.1) < 0.09
        if rung:
            break
    assert rung, "nobody listens any more"
    bell.close()
    engine.dispose()


def test_bell_of_a_file_that_cannot_be_opened_at_first_rings_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bells, "_PAUSE_SECONDS", 0.01)
    folder = tmp_path / "later"
    engine = make_engine(f"sqlite:///{folder}/a.db")
    bell = bell_of(engine)
    bell.wait(0.2)
    folder.mkdir()
    writer = make_engine(f"sqlite:///{folder}/a.db")
    rung = False
    for number in range(100):
        with writer.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE a{number} (b INTEGER)")
        rung = waited(bell, 0.1) < 0.09
        if rung:
            break
    assert rung, "nobody looks any more"
    bell.close()
    writer.dispose()
    engine.dispose()
