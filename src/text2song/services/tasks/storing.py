"""Files of a take on their way to the store, which may be away for a while."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import structlog

from text2song.domain.progress import Progress
from text2song.services.studio import Studio
from text2song.services.takes import PROJECT_FILE, STEMS_ZIP, archive_members
from text2song.services.tasks.packing import PackedFile
from text2song.storage.blobs import BlobsUnavailableError

#: A finished song is not made again because the store is away: this long it waits, and looks again this often.
WAIT_SECONDS = 300.0
_LOOK_SECONDS, _LONGEST_SECONDS = 1.0, 10.0
#: Seconds between two words on progress, in which a cancelled job is noticed.
_WORD_SECONDS = 0.5
#: The same files give the same archive.
_WHEN = (1980, 1, 1, 0, 0, 0)

T = TypeVar("T")

log = structlog.get_logger(__name__)


def store_files(studio: Studio, prefix: str, files: Sequence[PackedFile], progress: Progress) -> None:
    """Put every file under `prefix`, waiting for a store that is away or full.

    `progress` is told why, and raises when the job is no longer wanted. Raises `BlobsUnavailableError` when the store
    stays away for `WAIT_SECONDS`.
    """
    for index, file in enumerate(files):
        share = index / len(files)

        def put(file: PackedFile = file) -> None:
            studio.blobs.put(f"{prefix}/{file.name}", file.path, file.media_type)

        patiently(put, lambda stage, share=share: progress(stage, share))  # type: ignore[misc]


def patiently(
    action: Callable[[], T], told: Callable[[str], object], stage: str = "storing", seconds: float = WAIT_SECONDS
) -> T:
    """Return what `action` returns, called again for so many seconds while the store of files is away.

    `told` hears the stage, and raises when the job is no longer wanted.
    """
    deadline = time.monotonic() + seconds
    pause = _LOOK_SECONDS
    while True:
        told(stage)
        try:
            return action()
        except BlobsUnavailableError as error:
            if time.monotonic() + pause > deadline:
                raise
            log.warning("waiting for the store of files", error=error.message)
            _pause(pause, lambda reason=error.message: told(f"{stage} waits: {reason}"))  # type: ignore[misc]
            pause = min(2 * pause, _LONGEST_SECONDS)


def with_archives(studio: Studio, folder: Path, files: Sequence[PackedFile]) -> tuple[PackedFile, ...]:
    """Return the files, and for a bucket the archives of them too.

    On a disk an archive is put together as it is sent; what lies in a bucket must not pass through the API for that.
    """
    if not studio.blobs.is_remote:
        return tuple(files)
    paths = {file.name: file.path for file in files}
    archives = []
    for name in (STEMS_ZIP, PROJECT_FILE):
        members = archive_members(name, list(paths))
        if members:
            target = folder / name
            _zip(target, [(place, paths[stored]) for place, stored in members])
            archives.append(PackedFile(name, target, "application/zip"))
    return (*files, *archives)


def _zip(target: Path, members: Sequence[tuple[str, Path]]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for place, path in members:
            with archive.open(zipfile.ZipInfo(place, _WHEN), "w") as entry, path.open("rb") as source:
                while piece := source.read(1 << 20):
                    entry.write(piece)


def _pause(seconds: float, word: Callable[[], object]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        word()
        time.sleep(min(left, _WORD_SECONDS))
