"""A cheap job that is real in what matters to faults: a file in the store, and its row in the completing transaction.

`python -m tests.acceptance.cheap SECONDS [--supervised]` is a worker that does such jobs.
"""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass
from uuid import UUID

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.domain.ids import uuid7
from text2song.domain.progress import Progress
from text2song.jobs.leases import Lease
from text2song.logging import configure_logging
from text2song.services.studio import Studio, build_studio
from text2song.services.supervision import SUPERVISED
from text2song.services.sweeping import take_prefix
from text2song.services.tasks.loop import work
from text2song.settings import Settings
from text2song.storage.models import Composition, Prompt, Take

KIND = "cheap"


def order_cheap(studio: Studio, count: int = 1) -> list[UUID]:
    """Queue that many cheap jobs, each in a transaction of its own; return their ids."""
    return [_order(studio) for _ in range(count)]


def _order(studio: Studio) -> UUID:
    composition_id, take_id = uuid7(), uuid7()
    with studio.sessions.write() as session:
        prompt = Prompt(user_id=LOCAL_OWNER_ID, text="cheap", request={"prompt": "cheap"})
        session.add(prompt)
        session.flush()
        payload = {"composition_id": str(composition_id), "takes": [str(take_id)]}
        job = studio.queue.enqueue(session, KIND, payload, user_id=LOCAL_OWNER_ID, subject_id=composition_id)
        song = Composition(
            id=composition_id,
            user_id=LOCAL_OWNER_ID,
            prompt_id=prompt.id,
            job_id=job.id,
            title="cheap",
            titled=True,
            request={"prompt": "cheap"},
            options={},
            summary={},
            updated_at=studio.queue.clock(),
        )
        session.add(song)
        return job.id


@dataclass(frozen=True)
class CheapTask:
    """Works for some seconds, saying so often, and keeps a file."""

    studio: Studio
    seconds: float

    def __call__(self, lease: Lease, progress: Progress) -> None:
        """Write the file, wait, keep the row."""
        take_id = UUID(lease.payload["takes"][0])
        prefix = take_prefix(take_id, lease.token)
        content = f"{lease.job_id} {lease.token} ".encode() * 500
        self.studio.blobs.put(f"{prefix}/note.txt", content)
        end = time.monotonic() + self.seconds
        while (left := end - time.monotonic()) > 0:
            progress("waiting", 1 - left / self.seconds)
            time.sleep(min(left, 0.02))
        with self.studio.sessions.write() as session:
            self.studio.queue.complete(session, lease)
            session.add(_take(lease, take_id, prefix, content))


def _take(lease: Lease, take_id: UUID, prefix: str, content: bytes) -> Take:
    figures = {"name": "note.txt", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return Take(
        id=take_id,
        composition_id=UUID(lease.payload["composition_id"]),
        number=1,
        seed=1,
        provider="cheap",
        device="cpu",
        precision="float32",
        duration_seconds=1.0,
        sample_rate=44100,
        channels=2,
        generation_seconds=1.0,
        realtime_factor=1.0,
        size_bytes=len(content),
        prefix=prefix,
        files=[figures | {"media_type": "text/plain"}],
        stems=[],
        peaks=[],
        outline={},
        report={},
    )


if __name__ == "__main__":
    configure_logging(json=False, level="INFO")
    opened = build_studio(Settings())
    work(opened, {KIND: CheapTask(opened, float(sys.argv[1]))}, supervised=SUPERVISED in sys.argv)
