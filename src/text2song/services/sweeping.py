"""Removes what dead workers leave: folders of runs that no longer run, and files that no take names."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from text2song.domain.ids import made_at
from text2song.services.idempotency import KEPT
from text2song.services.studio import Studio
from text2song.storage.models import Job, JobStatus
from text2song.storage.repositories.files import FileRepository
from text2song.storage.repositories.idempotency import IdempotencyRepository
from text2song.storage.repositories.takes import TakeRepository

#: Folder of the blob store that holds takes.
TAKES = "takes"
#: And the folder of files that users sent, each in one of its own, named by its id.
UPLOADS = "files"
#: A file is stored before its row is; this long its row may take.
_UPLOAD_SECONDS = 3600.0
_LIST_SECONDS = 600.0


def take_prefix(take_id: UUID, token: int) -> str:
    """Return the blob folder of one attempt at a take."""
    return f"{TAKES}/{take_id}.{token}"


def work_name(job_id: UUID, token: int) -> str:
    """Return the name of the folder in which one attempt at a job works."""
    return f"{job_id}.{token}"


class Sweeper:
    """Sweeps as often as it is called, but lists a bucket, which is slow and costs money, every ten minutes only."""

    def __init__(self, studio: Studio, clock: Callable[[], float] = time.monotonic) -> None:
        self._studio = studio
        self._clock = clock
        self._listed = -float("inf")

    def __call__(self) -> int:
        """Remove leavings and return how many there were."""
        due = not self._studio.blobs.is_remote or self._clock() - self._listed >= _LIST_SECONDS
        if due:
            self._listed = self._clock()
        return sweep(self._studio, files=due)


def sweep(studio: Studio, *, files: bool = True) -> int:
    """Remove every leaving and return how many there were; safe beside working workers, at any time.

    Without `files` only the working folders are looked at.
    What is on the disk is listed before the rows are read: a run that is listed has had its row all along.
    """
    folders = [path for path in studio.work_folder.iterdir() if path.is_dir()]
    prefixes = studio.blobs.folders(TAKES) if files else ()
    uploads = studio.blobs.folders(UPLOADS) if files else ()
    with studio.sessions.write() as session:
        IdempotencyRepository(session).forget(studio.queue.clock() - KEPT)
    with studio.sessions.read() as session:
        running = session.query(Job).filter(Job.status == JobStatus.RUNNING).all()
    alive = {work_name(job.id, job.token) for job in running}
    dead = [path for path in folders if path.name not in alive]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    being_made = {take_prefix(UUID(take), job.token) for job in running for take in job.payload.get("takes", ())}
    discarded = discard_files(studio, [prefix for prefix in prefixes if prefix not in being_made])
    return len(dead) + discarded + _discard_uploads(studio, uploads)


def discard_files(studio: Studio, prefixes: Sequence[str]) -> int:
    """Remove those blob folders that no take names, and return how many there were."""
    removed = 0
    for start in range(0, len(prefixes), 500):
        batch = prefixes[start : start + 500]
        with studio.sessions.read() as session:
            known = TakeRepository(session).known_prefixes(batch)
        orphans = [prefix for prefix in batch if prefix not in known]
        for prefix in orphans:
            studio.blobs.delete_folder(prefix)
        removed += len(orphans)
    return removed


def _discard_uploads(studio: Studio, folders: Sequence[str]) -> int:
    latest = studio.queue.clock() - timedelta(seconds=_UPLOAD_SECONDS)
    ids = {UUID(folder.rpartition("/")[2]): folder for folder in folders}
    old = [id_ for id_ in ids if made_at(id_) < latest]
    removed = 0
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        with studio.sessions.read() as session:
            known = FileRepository(session).known(batch)
        orphans = [id_ for id_ in batch if id_ not in known]
        for id_ in orphans:
            studio.blobs.delete_folder(ids[id_])
        removed += len(orphans)
    return removed
