"""Removes what dead workers leave: folders of runs that no longer run, and files that no take names."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

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

N = TypeVar("N", bound=Hashable)


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
    folders = {prefix: prefix for prefix in prefixes}
    return _discard(studio, folders, lambda session, some: TakeRepository(session).known_prefixes(some))


def _discard_uploads(studio: Studio, folders: Sequence[str]) -> int:
    latest = studio.queue.clock() - timedelta(seconds=_UPLOAD_SECONDS)
    ids = {id_: folder for folder in folders if (id_ := _upload_of(folder)) is not None}
    old = {id_: folder for id_, folder in ids.items() if made_at(id_) < latest}
    return _discard(studio, old, lambda session, some: FileRepository(session).known(some))


def _upload_of(folder: str) -> UUID | None:
    try:
        return UUID(folder.rpartition("/")[2])
    except ValueError:
        # Not of our making, so not ours to remove; a folder such as lost+found must not end every sweep.
        return None


def _discard(studio: Studio, folders: Mapping[N, str], known: Callable[[Session, Sequence[N]], Collection[N]]) -> int:
    """Remove the folders whose names no row has, and return how many there were."""
    removed, names = 0, list(folders)
    for start in range(0, len(names), 500):
        batch = names[start : start + 500]
        with studio.sessions.read() as session:
            there = known(session, batch)
        orphans = [name for name in batch if name not in there]
        for name in orphans:
            studio.blobs.delete_folder(folders[name])
        removed += len(orphans)
    return removed
