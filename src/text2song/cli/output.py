"""A finished song appears in its folder whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from text2song.domain.errors import InvalidError

#: What a song's folder may hold; an earlier song there is replaced, anything else stays.
SONG_FILES = (
    "song.wav",
    "song.flac",
    "song.mp3",
    "song.ogg",
    "song.dawproject",
    "premaster.wav",
    "song.mid",
    "song.musicxml",
    "chords.cho",
    "cover.svg",
    "lyrics.lrc",
    "composition.json",
    "report.json",
)


class UnwritableFolderError(InvalidError):
    """The folder for the song cannot be made or written."""

    slug = "unwritable-folder"


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside `target`, on the same file system, and remove it whatever happens."""
    parent = target.resolve().parent
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        if target.exists() and not target.is_dir():
            raise UnwritableFolderError(f"{target} is a file, not a folder", field="out")
        parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            # The rename at the end needs to write here too: find out before the work, not after.
            tempfile.TemporaryFile(dir=target).close()
        # No name of a folder that a person would make.
        prefix = f".{target.resolve().name}.making-"
        _sweep(parent, prefix)
        folder, held = _held_folder(parent, prefix)
    except OSError as error:
        raise UnwritableFolderError(f"{target} cannot be written: {error.strerror}", field="out") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)
        for created in made:
            # Only what this call made and what is still empty goes.
            with suppress(OSError):
                created.rmdir()


def _held_folder(parent: Path, prefix: str) -> tuple[Path, int]:
    """Make a folder and lock it: the lock ends with the process, however that ends, and tells others it is in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        held = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # not every file system has locks
            fcntl.flock(held, fcntl.LOCK_EX)
        if folder.exists():
            return folder, held
        # Swept by another process before it was locked.
        os.close(held)


def _sweep(parent: Path, prefix: str) -> None:
    """Remove what a killed process left beside the song; folders in use are locked and stay."""
    for folder in parent.iterdir():
        if not folder.name.startswith(prefix):
            continue
        with suppress(OSError):
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(held)


def publish(folder: Path, target: Path) -> None:
    """Move the song in `folder` to `target`, replacing an earlier song there and nothing else."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target / "stems", ignore_errors=True)
    for name in SONG_FILES:
        (target / name).unlink(missing_ok=True)
    for entry in sorted(folder.iterdir()):
        entry.rename(target / entry.name)
