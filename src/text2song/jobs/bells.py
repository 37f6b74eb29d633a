"""How idle workers learn that a job waits, sooner than by asking. A missed ring costs a pause, never a job.

Between the processes of one machine the database file itself tells; over PostgreSQL a notification does.
"""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine

#: Seconds between two looks at the version of an SQLite file.
_LOOK_SECONDS = 0.02
#: Seconds before a lost connection is tried again.
_PAUSE_SECONDS = 1.0
_CHANNEL = "text2song_jobs"
#: Cheap jobs that are claimed at once, and that one ring is enough for.
BATCH = 64
#: Seconds in which cheap jobs gather once one has been rung for or claimed.
GATHER_SECONDS = 0.02

log = structlog.get_logger(__name__)


class Bell(Protocol):
    """Rung after the commit that lets a job be claimed."""

    def ring(self, job_id: UUID | None = None, *, cheap: bool = False) -> None:
        """Wake the waiting, for that job or for whichever wait; returns at once and never fails.

        One ring may be enough for several `cheap` jobs.
        """

    def wait(self, seconds: float) -> None:
        """Return when the bell rings or has rung since this thread last waited, or after `seconds`."""

    def close(self) -> None:
        """Hear no more."""


class LocalBell:
    """The bell of one process."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._rings = 0
        self._heard = threading.local()

    def ring(self, job_id: UUID | None = None, *, cheap: bool = False) -> None:  # noqa: ARG002 - who wakes asks anew
        """Wake the waiting threads."""
        with self._rung:
            self._rings += 1
            self._rung.notify_all()

    def wait(self, seconds: float) -> None:
        """Return when the bell rings or has rung since this thread last waited, or after `seconds`."""
        with self._rung:
            # A job may come between the look that found none and the wait.
            heard = getattr(self._heard, "rings", self._rings)
            self._rung.wait_for(lambda: self._rings != heard, seconds)
            self._heard.rings = self._rings

    def close(self) -> None:
        """Nothing to end."""


class _Listening(LocalBell, ABC):
    """A bell that a thread of its own rings, started by the first who waits."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wait(self, seconds: float) -> None:
        """Return when the bell rings, or after `seconds`."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
                self._thread.start()
        super().wait(seconds)

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(5)

    @abstractmethod
    def _listen(self) -> None:
        """Ring at each word of another process, until closed."""


class SqliteBell(_Listening):
    """Rings when any process has written to the database file: its version is looked at fifty times a second."""

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - a file that cannot be looked at now is looked at later
                log.warning("the bell is deaf for a moment", error=str(error).strip().splitlines()[:1])
                self._closed.wait(_PAUSE_SECONDS)

    def _look(self) -> None:
        version = None
        with closing(self._engine.raw_connection()) as connection:
            while not self._closed.wait(_LOOK_SECONDS):
                found = connection.cursor().execute("PRAGMA data_version").fetchone()
                if found != version and version is not None:
                    self.ring()
                version = found


class PostgresBell(_Listening):
    """Rings by LISTEN and NOTIFY.

    The notification is not part of the enqueuing transaction: PostgreSQL lets transactions that notify commit one after
    another, and one notification is enough for many jobs.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._ringer = Ringer(self._notify)

    def ring(self, job_id: UUID | None = None, *, cheap: bool = False) -> None:
        """Notify every listener, this process's too."""
        self._ringer.ring(job_id, cheap=cheap)

    def close(self) -> None:
        """End both threads."""
        self._ringer.close()
        super().close()

    def _notify(self, _job_ids: Sequence[UUID | None]) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    self._hear(connection)
            except Exception as error:  # noqa: BLE001 - the driver's own errors among them, for it is listened to itself
                # Those who wait ask anyway now and then, and say what is wrong with the database.
                log.info("the bell is deaf for a moment", error=str(error).strip().splitlines()[:1])
                self._closed.wait(_PAUSE_SECONDS)

    def _hear(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        connection.exec_driver_sql(f"LISTEN {_CHANNEL}")
        try:
            while not self._closed.is_set():
                for _ in driver.notifies(timeout=0.5, stop_after=1):
                    super().ring()
        finally:
            # Not back to the pool: it would go on listening for nobody.
            connection.invalidate()


@dataclass(frozen=True, slots=True)
class _Ring:
    job_id: UUID | None
    cheap: bool


class Ringer:
    """A thread that makes the calls a ring needs, so that nobody who enqueues waits for them; many rings, one call.

    The first ring of a cheap job is passed on at once, those that follow gather; a call has one id for each `BATCH`.
    """

    def __init__(self, call: Callable[[Sequence[UUID | None]], None]) -> None:
        self._call = call
        self._rings: queue.SimpleQueue[_Ring | None] = queue.SimpleQueue()
        self._hurry = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self, job_id: UUID | None = None, *, cheap: bool = False) -> None:
        """Have a call made soon."""
        self._rings.put(_Ring(job_id, cheap))
        if not cheap:
            self._hurry.set()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Make what calls are due and end the thread."""
        self._rings.put(None)
        self._hurry.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        gathered = 0.0
        ring = self._rings.get()
        while ring is not None:
            if ring.cheap:
                self._hurry.wait(max(gathered - time.monotonic(), 0.0))
            self._hurry.clear()
            dear: list[UUID | None] = []
            cheap: list[UUID | None] = []
            while ring is not None:
                (cheap if ring.cheap else dear).append(ring.job_id)
                try:
                    ring = self._rings.get_nowait()
                except queue.Empty:
                    break
            self._try(dear + cheap[::BATCH])
            gathered = time.monotonic() + GATHER_SECONDS
            ring = ring and self._rings.get()

    def _try(self, job_ids: Sequence[UUID | None]) -> None:
        try:
            self._call(job_ids)
        except Exception as error:  # noqa: BLE001 - whatever a broken bell raises, the job is in the database
            log.warning("the bell could not be rung", error=str(error).strip().splitlines()[:1])
            time.sleep(_PAUSE_SECONDS)


def bell_of(engine: Engine) -> Bell:
    """Return the bell that fits a database."""
    if engine.dialect.name == "postgresql":
        return PostgresBell(engine)
    in_memory = engine.url.database in (None, "", ":memory:")
    return LocalBell() if in_memory else SqliteBell(engine)
