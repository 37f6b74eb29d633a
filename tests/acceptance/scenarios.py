"""Faults that the studio must bear, each ending with the invariants: few by the tests, many by the benchmark."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from tests.acceptance.cheap import order_cheap
from tests.acceptance.fleet import Fleet, wait_for
from tests.acceptance.invariants import check_invariants, unfinished
from tests.servers import PostgresServer, ValkeyServer, server_folder
from tests.services.fakes import make_studio

from text2song.domain.errors import UnavailableError
from text2song.services.studio import Studio
from text2song.storage.models import Job, JobStatus

#: Ways to run: one machine; several over PostgreSQL; several under Celery.
SETUPS = ("sqlite", "postgresql", "celery")
#: Seconds after a fault within which its jobs must run again.
RECOVERY_SECONDS = 30.0
_ENOUGH_SECONDS = 240.0


class Setup:
    """A studio with the servers that its way of running needs."""

    def __init__(self, kind: str, folder: Path, database: PostgresServer | None, valkey: ValkeyServer | None) -> None:
        self.database = database
        self.valkey = valkey
        changes: dict[str, object] = {"lease_seconds": 6.0, "drain_seconds": 3.0}
        if database is not None:
            changes["database_url"] = database.url.render_as_string(hide_password=False)
        if valkey is not None:
            changes["redis_url"] = valkey.url
        self.kind = kind
        self.studio: Studio = make_studio(folder, **changes)


@contextmanager
def set_up(kind: str, folder: Path) -> Iterator[Setup]:
    """Yield a studio of one of `SETUPS` with its data in `folder`."""
    with server_folder() as one, server_folder() as other:
        database = None if kind == "sqlite" else PostgresServer(one)
        valkey = ValkeyServer(other) if kind == "celery" else None
        setup = Setup(kind, folder, database, valkey)
        try:
            yield setup
        finally:
            setup.studio.close()
            for server in (database, valkey):
                if server is not None:
                    server.stop()


def finish(studio: Studio, accepted: list[UUID], seconds: float = _ENOUGH_SECONDS) -> None:
    """Wait for every job to end and check the invariants."""
    wait_for(lambda: unfinished(studio) == 0, seconds)
    check_invariants(studio, accepted)


def kill_workers(setup: Setup, count: int, seed: int = 1, *, seconds: float = float("inf")) -> list[float]:
    """Kill busy workers at random moments; return the seconds after which their jobs ran again.

    No more than `count`, and none after `seconds`.
    """
    started = time.monotonic()
    studio, draw = setup.studio, random.Random(seed)  # noqa: S311 - moments, not secrets
    accepted: list[UUID] = []
    recoveries = []
    with Fleet(studio, 4, seconds=0.4) as fleet:
        for _ in range(count):
            if time.monotonic() - started > seconds:
                break
            # Somebody is left to take over: what is measured is the queue, not how fast Python starts.
            wait_for(lambda: studio.roster.alive() >= 3, _ENOUGH_SECONDS)
            accepted += order_cheap(studio, max(0, 8 - unfinished(studio)))
            held = fleet.kill_a_busy_one(draw)
            recoveries.append(wait_for(lambda held=held: fleet.again(held), _ENOUGH_SECONDS))  # type: ignore[misc]
        finish(studio, accepted)
    return recoveries


def crash_database(setup: Setup, count: int) -> list[float]:
    """Crash PostgreSQL under load; return the seconds from each crash to the next finished job."""
    server, studio = setup.database, setup.studio
    if server is None:
        raise ValueError("there is no server to crash")
    orders = _Orders(studio)
    recoveries = []
    with Fleet(studio, 2, seconds=0.2, environment={"TEXT2SONG_WORKER_SLOTS": "2"}) as fleet, orders.placed():
        for _ in range(count):
            wait_for(lambda: bool(fleet.busy()), _ENOUGH_SECONDS)
            crashed = time.monotonic()
            server.restart()
            done = _complete(studio)
            wait_for(lambda done=done: _complete(studio) > done, _ENOUGH_SECONDS)  # type: ignore[misc]
            recoveries.append(time.monotonic() - crashed)
        orders.stop()
        finish(studio, orders.accepted)
    return recoveries


def lose_broker(setup: Setup, count: int) -> list[float]:
    """Empty and restart Valkey with jobs waiting; return the seconds until all of them were done."""
    broker, studio = setup.valkey, setup.studio
    if broker is None:
        raise ValueError("there is no broker to lose")
    accepted: list[UUID] = []
    recoveries = []
    with Fleet(studio, 2, seconds=0.05):
        for number in range(count):
            if number % 2:
                broker.stop()
                # Nobody can be rung for, and every order is accepted all the same.
                accepted += order_cheap(studio, 20)
                broker.start()
            else:
                accepted += order_cheap(studio, 40)
                broker.flush()
            recoveries.append(wait_for(lambda: unfinished(studio) == 0, _ENOUGH_SECONDS))
        finish(studio, accepted)
    return recoveries


def freeze_worker(setup: Setup) -> float:
    """Stop a worker past its lease and wake it when another has its job; return the seconds until that was so."""
    studio = setup.studio
    accepted: list[UUID] = []
    with Fleet(studio, 2, seconds=1.5) as fleet:
        held = _freeze(studio, fleet, accepted)
        taken = wait_for(lambda: fleet.again(held), _ENOUGH_SECONDS)
        wait_for(lambda: unfinished(studio) == 0, _ENOUGH_SECONDS)
        fleet.workers[0].send_signal(signal.SIGCONT)
        # It wakes inside a job that is no longer its own, and goes on as a worker like any other.
        accepted += order_cheap(studio, 6)
        finish(studio, accepted)
    return taken


def _freeze(studio: Studio, fleet: Fleet, accepted: list[UUID]) -> list[tuple[UUID, int]]:
    """Stop the first worker inside a job, outside any write; return what it holds.

    Whoever is stopped in the middle of a write keeps SQLite's only lock, which no time-out takes away: nobody writes
    until it wakes or is killed, and that is not what is looked at here.
    """
    while True:
        accepted += order_cheap(studio, 2)
        wait_for(lambda: len(fleet.busy()) == 2, _ENOUGH_SECONDS)
        # Past the writes with which a job begins.
        time.sleep(0.7)
        held = fleet.busy().get(0, [])
        fleet.workers[0].send_signal(signal.SIGSTOP)
        try:
            with studio.sessions.write():
                if held:
                    return held
        except UnavailableError:
            pass
        fleet.workers[0].send_signal(signal.SIGCONT)


def drain(setup: Setup, running: int, waiting: int) -> float:
    """Tell a worker with many long jobs to stop; return the seconds until it has, every job waiting again."""
    studio = setup.studio
    with Fleet(studio, 1, seconds=600, environment={"TEXT2SONG_WORKER_SLOTS": str(running)}) as fleet:
        accepted = order_cheap(studio, running + waiting)
        wait_for(lambda: sum(map(len, fleet.busy().values())) == running, _ENOUGH_SECONDS)
        started = time.monotonic()
        fleet.workers[0].terminate()
        assert fleet.workers[0].wait(60) == 0
        stopped = time.monotonic() - started
    with studio.sessions.read() as session:
        jobs = session.query(Job).all()
    assert {job.id for job in jobs} == set(accepted)
    assert {(job.status, job.losses, job.faults) for job in jobs} == {(JobStatus.QUEUED, 0, 0)}
    assert sorted(job.token for job in jobs) == [0] * waiting + [1] * running
    with Fleet(studio, 1, seconds=0.01, environment={"TEXT2SONG_WORKER_SLOTS": "4"}):
        finish(studio, accepted)
    return stopped


class _Orders:
    """Somebody who orders all the time, again when the studio is away, and notes what was accepted."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._enough = threading.Event()
        self.accepted: list[UUID] = []

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Order while the block lasts, or until `stop`; raises what ordering met besides an absent studio."""
        with ThreadPoolExecutor(1) as pool:
            ordering = pool.submit(self._order)
            try:
                yield
            finally:
                self.stop()
            ordering.result()

    def stop(self) -> None:
        """Order no more."""
        self._enough.set()
        time.sleep(0.3)

    def _order(self) -> None:
        while not self._enough.wait(0.1):
            try:
                if unfinished(self._studio) < 20:
                    self.accepted += order_cheap(self._studio)
            except UnavailableError:
                continue


def _complete(studio: Studio) -> int:
    with studio.sessions.read() as session:
        return session.query(Job).filter(Job.status == JobStatus.COMPLETE).count()
