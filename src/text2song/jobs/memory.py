"""The in-memory twin of the queue, for tests: the same statements on a database that lives in this process only.

A second implementation would have its own semantics; this one cannot drift from what runs in earnest.
"""

from __future__ import annotations

from text2song.jobs.queue import Clock, JobQueue, utc_now
from text2song.storage.base import Base
from text2song.storage.engine import make_engine
from text2song.storage.session import Sessions


def memory_queue(*, lease_seconds: float = 10.0, clock: Clock = utc_now) -> JobQueue:
    """Return an empty queue in memory, for one thread at a time."""
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    return JobQueue(Sessions(engine), lease_seconds=lease_seconds, clock=clock)
