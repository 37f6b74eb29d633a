"""Health: each part is tried, not assumed; a part that hangs is told from one that works, and holds nobody up."""

from __future__ import annotations

import importlib
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text

from text2song.domain.errors import StudioError, UnavailableError
from text2song.services.studio import Studio
from text2song.storage.repositories.figures import FigureRepository
from text2song.storage.schema import is_current

#: Free space below which a song may not fit: a few hundred megabytes of sound while it is made.
_ROOM_BYTES = 512 * 1024 * 1024
#: Seconds for which an answer is good, and after which a part that does not answer is ill.
_FRESH_SECONDS = 1.0
_PATIENCE_SECONDS = 2.0


class UnhealthyError(UnavailableError):
    """A part of the studio does not work."""

    slug = "unhealthy"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: whether it works, one sentence on it, and the milliseconds that trying it took."""

    name: str
    healthy: bool
    detail: str
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds after which a part is tried again: when it was well, and when it was ill."""

    well: float = _FRESH_SECONDS
    ill: float = _FRESH_SECONDS


class Broker(Protocol):
    """What carries the word between processes."""

    def ping(self) -> object:
        """Answer, or raise."""


class Part:
    """One part that is tried in a thread of its own, at most one at a time."""

    def __init__(self, name: str, attempt: Callable[[], str], rhythm: Rhythm) -> None:
        self._name = name
        self._attempt = attempt
        self._rhythm = rhythm
        self._lock = threading.Lock()
        self._last: Check | None = None
        self._at = -float("inf")
        self._running: threading.Thread | None = None
        self._since = 0.0

    def begin(self) -> None:
        """Try the part if its last answer is no longer good and nobody is trying it."""
        with self._lock:
            good = self._rhythm.well if self._last is None or self._last.healthy else self._rhythm.ill
            if self._running is None and time.monotonic() - self._at >= good:
                self._since = time.monotonic()
                self._running = threading.Thread(target=self._try, name=f"health {self._name}", daemon=True)
                self._running.start()

    def end(self, limit: float) -> Check:
        """Return how the part is, at `limit` (of the monotonic clock) at the latest."""
        running = self._running
        if running is not None and (self._last is None or self._rhythm.well <= _FRESH_SECONDS):
            running.join(max(0.0, limit - time.monotonic()))
        with self._lock:
            waited = time.monotonic() - self._since
            if self._running is not None and (self._last is None or waited > _PATIENCE_SECONDS):
                return Check(self._name, False, f"has not answered for {waited:.0f} s", round(1e3 * waited, 1))
            return self._last or Check(self._name, False, "was not tried yet")

    def _try(self) -> None:
        start = time.perf_counter()
        try:
            healthy, detail = True, self._attempt()
        except StudioError as error:
            healthy, detail = False, error.message
        except Exception as error:  # noqa: BLE001 - whatever a broken part raises is the finding
            healthy, detail = False, f"failed: {type(error).__name__}"
        taken = round(1000 * (time.perf_counter() - start), 1)
        with self._lock:
            self._last, self._at, self._running = Check(self._name, healthy, detail, taken), time.monotonic(), None


class Health:
    """The parts of one installation as this process finds them."""

    def __init__(self, studio: Studio, broker: Broker | None = None) -> None:
        self._studio = studio
        parts = [
            Part("database", self._database, Rhythm()),
            Part("migrations", self._migrations, Rhythm(well=30.0)),
            # Each try writes: often enough to notice, seldom enough for a bucket that is paid by the request.
            Part("storage", self._storage, Rhythm(well=30.0, ill=5.0)),
            Part("worker", self._worker, Rhythm()),
            Part("queue", self._queue, Rhythm()),
            Part("disk", self._disk, Rhythm()),
        ]
        if broker is not None:
            parts.append(Part("broker", lambda: _answers(broker), Rhythm()))
        self._parts = tuple(parts)

    def check(self) -> tuple[Check, ...]:
        """Return how every part is: answers are a second old at most, but the store's and the schema's."""
        for part in self._parts:
            part.begin()
        limit = time.monotonic() + _PATIENCE_SECONDS
        return tuple(part.end(limit) for part in self._parts)

    def _database(self) -> str:
        start = time.perf_counter()
        with self._studio.sessions.read() as session:
            session.execute(text("SELECT 1"))
        return f"answers in {1000 * (time.perf_counter() - start):.0f} ms"

    def _migrations(self) -> str:
        if not is_current(self._studio.sessions.engine):
            raise UnhealthyError("the database is of another version; run `text2song db upgrade`")
        return "up to date"

    def _storage(self) -> str:
        self._studio.blobs.probe()
        return "can be written and read"

    def _worker(self) -> str:
        now = self._studio.queue.clock()
        with self._studio.sessions.read() as session:
            ages = [(now - seen).total_seconds() for seen in FigureRepository(session).workers()]
        alive = [age for age in ages if age <= self._studio.queue.lease_seconds]
        if not alive:
            raise UnhealthyError("no worker is running, so songs wait in the queue")
        return f"{len(alive)} running, heard of {max(0.0, min(alive)):.0f} s ago"

    def _queue(self) -> str:
        now = self._studio.queue.clock()
        with self._studio.sessions.read() as session:
            oldest = FigureRepository(session).oldest_waiting(now)
        waited = 0.0 if oldest is None else (now - oldest).total_seconds()
        if waited > self._studio.settings.health_queue_seconds:
            raise UnhealthyError(f"a job has been waiting for {waited:.0f} s")
        return "nothing waits" if oldest is None else f"the oldest job has waited {waited:.0f} s"

    def _disk(self) -> str:
        free = shutil.disk_usage(self._studio.work_folder).free
        if free < _ROOM_BYTES:
            raise UnhealthyError(f"only {free // 2**20} MiB are free on the disk")
        return f"{free / 2**30:.1f} GiB free"


def health_of(studio: Studio) -> Health:
    """Return the health of a studio, its broker's too where one is configured."""
    url = studio.settings.redis_url
    # The client is an extra, so only a studio with a broker imports it.
    return Health(studio, importlib.import_module("text2song.services.broker").connect(url) if url else None)


def _answers(broker: Broker) -> str:
    broker.ping()
    return "answers"
