"""What tests of jobs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    """Yield an empty queue on each database, with leases of five seconds."""
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=5)
    engine.dispose()
