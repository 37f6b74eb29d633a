"""Songs put straight into a database of either kind, as the repositories are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.models import Composition, Job, JobStatus, Prompt, Take
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[JobQueue]:
    """A queue over an empty database that is up to date."""
    engine = make_engine(url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=10)
    engine.dispose()


@dataclass
class Shelf:
    """Puts finished songs into a session, each a minute after the one before."""

    queue: JobQueue
    session: Session
    count: int = 0

    def song(self, title: str, prompt: str = "", **changes: Any) -> Composition:
        """A finished song of one take; `changes` are of the composition, `take` those of its take."""
        self.count += 1
        take = changes.pop("take", {})
        user_id = changes.setdefault("user_id", LOCAL_OWNER_ID)
        row = Prompt(user_id=user_id, text=prompt, request={})
        self.session.add(row)
        job = self.queue.enqueue(self.session, "compose", {"takes": ["x"]})
        job.status, job.user_id = JobStatus.COMPLETE, user_id
        self.session.flush()
        values = {"request": {"prompt": prompt}, "options": {}, "summary": {"genres": ["lo-fi"]}, "updated_at": START}
        song = Composition(prompt_id=row.id, job_id=job.id, title=title, titled=True, **(values | changes))
        self.session.add(song)
        self.session.flush()
        self.take(song, **take)
        return song

    def take(self, song: Composition, **changes: Any) -> Take:
        """Another take of a song."""
        figures = {"duration_seconds": 60.0, "generation_seconds": 6.0, "realtime_factor": 10.0, "size_bytes": 1000}
        sound = {"sample_rate": 44_100, "channels": 2, "device": "cpu", "precision": "float32", "provider": "composer"}
        lists = {"files": [{"name": "song.flac", "bytes": 1_500_000}], "stems": [], "peaks": []}
        plain = {"seed": 1, "number": 1, "prefix": f"takes/{uuid4()}", "outline": {}, "report": {}}
        when = START + timedelta(minutes=self.count)
        values: dict[str, Any] = {"created_at": when, **figures, **sound, **lists, **plain}
        take = Take(composition_id=song.id, **(values | changes))
        self.session.add(take)
        self.session.flush()
        return take

    def job_of(self, song: Composition) -> Job:
        """The job that made a song."""
        job = self.session.get(Job, song.job_id)
        assert job is not None
        return job


@contextmanager
def shelf(queue: JobQueue) -> Iterator[Shelf]:
    """A shelf in one transaction."""
    with queue.sessions.write() as session:
        yield Shelf(queue, session)


def someone() -> UUID:
    """A user of whom nothing is known."""
    return uuid4()
