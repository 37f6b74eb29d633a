"""Whether a studio is whole: what its rows promise is there, and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from text2song.domain.progress import Progress, silent
from text2song.services.backups import Named, named_files, rows_with_files
from text2song.services.studio import Studio
from text2song.services.sweeping import TAKES, UPLOADS
from text2song.storage.blobs import BlobNotFoundError
from text2song.storage.dumping import count
from text2song.storage.models import Composition, Job, JobStatus, Take


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; a whole studio has no troubles."""

    rows: dict[str, int]
    files: int
    #: One sentence each.
    troubles: tuple[str, ...]
    #: Files that no row names: the sweep removes them in time.
    unnamed: int


def check(studio: Studio, *, deep: bool = True, progress: Progress = silent) -> Findings:
    """Look at every row and every file; with `deep` every file is read and its hash compared, else its length alone."""
    files = list(named_files(rows_with_files(studio)))
    troubles = list(_unfinished(studio))
    for index, file in enumerate(files):
        progress("files", index / len(files))
        trouble = _trouble(studio, file, deep=deep)
        if trouble:
            troubles.append(trouble)
    # Listed after the rows were read, so a song that is being made may count here, but is never called a trouble.
    stored = {*studio.blobs.list(TAKES), *studio.blobs.list(UPLOADS)}
    with studio.sessions.engine.connect() as connection:
        rows = count(connection)
    return Findings(rows, len(files), tuple(troubles), len(stored - {file.key for file in files}))


def _trouble(studio: Studio, file: Named, *, deep: bool) -> str | None:
    try:
        if not deep:
            return None if studio.blobs.size(file.key) == file.bytes else f"{file.key} has another length"
        found = studio.blobs.digest(file.key)
    except BlobNotFoundError:
        return f"{file.key} is not there"
    return None if (found.bytes, found.sha256) == (file.bytes, file.sha256) else f"{file.key} has another content"


def _unfinished(studio: Studio) -> list[str]:
    """A song is finished with its takes or it is not finished."""
    complete = select(Composition.id).join(Job, Job.id == Composition.job_id).where(Job.status == JobStatus.COMPLETE)
    with studio.sessions.read() as session:
        silent_songs = session.scalars(
            complete.where(~select(Take.id).where(Take.composition_id == Composition.id).exists())
        )
        return [f"song {id_} is complete without a take" for id_ in silent_songs]
