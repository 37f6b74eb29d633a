"""Stems of a song made before, found by what they were made of and trusted after their hash is checked."""

from __future__ import annotations

import hashlib
import shutil
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from text2song.audio.codecs import wav_head
from text2song.audio.pcm import FRAME, Pcm
from text2song.domain.errors import InvalidError
from text2song.domain.serial import from_json
from text2song.domain.take import StemFigure, TakeReport


class KnownFiles:
    """Hashes of files that this process wrote or read; safe across threads.

    They hold while a file is as it was then by its place on the disk, its size and the time of its last change, which
    is what git goes by; any other file is read again.
    """

    def __init__(self, most: int = 4096) -> None:
        """Remember the hashes of the last `most` files."""
        self._most = most
        self._lock = Lock()
        self._hashes: OrderedDict[tuple[int, ...], str] = OrderedDict()

    def note(self, path: Path, sha256: str) -> None:
        """Remember the hash of a file that was just written."""
        self._keep(_print(path), sha256)

    def sha256(self, path: Path) -> str:
        """Return the SHA-256 of a file; raises `OSError` when it cannot be read."""
        # Taken before it is read: what changes meanwhile is another file.
        seen = _print(path)
        with self._lock:
            found = self._hashes.get(seen)
        if found is None:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            self._keep(seen, found)
        return found

    def _keep(self, seen: tuple[int, ...], sha256: str) -> None:
        with self._lock:
            self._hashes[seen] = sha256
            self._hashes.move_to_end(seen)
            while len(self._hashes) > self._most:
                self._hashes.popitem(last=False)


class StemFolder:
    """The stems beside a report.json; without a folder, or with one that is no song's, there are none."""

    def __init__(self, folder: Path | None, known: KnownFiles | None = None) -> None:
        self.known = KnownFiles() if known is None else known
        self._folder = folder
        self._figures = {} if folder is None else _figures(folder / "report.json")

    def find(self, name: str, address: str) -> Pcm | None:
        """Return the stem `name` if it has that address and its file is what the report says, else None."""
        figure = self._figures.get(name)
        if figure is None or not address or figure.address != address:
            return None
        path = self._path(name)
        try:
            return _samples(path) if self.known.sha256(path) == figure.sha256 else None
        except OSError:
            # What is missing or broken is made again.
            return None

    @property
    def has_stems(self) -> bool:
        """Whether there is any stem that could be found."""
        return bool(self._figures)

    def figure(self, name: str) -> StemFigure:
        """Return what was measured on a stem that was found."""
        return self._figures[name]

    def copy(self, name: str, target: Path) -> str:
        """Put the file of a stem that was found at `target`, as another name of it if possible; return its SHA-256.

        Files of songs are replaced and never written into, so two names of one file are as good as two files.
        """
        try:
            target.hardlink_to(self._path(name))
        except OSError:
            shutil.copyfile(self._path(name), target)
            self.known.note(target, self._figures[name].sha256)
        return self._figures[name].sha256

    def _path(self, name: str) -> Path:
        return (self._folder or Path()) / "stems" / f"{name}.wav"


def _print(path: Path) -> tuple[int, ...]:
    seen = path.stat()
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns


def _samples(path: Path) -> Pcm | None:
    """Return the samples of a stem's file where they lie; None for a file that this program did not write."""
    head = len(wav_head(0))
    frames, rest = divmod(path.stat().st_size - head, FRAME)
    with path.open("rb") as file:
        ours = frames >= 0 and rest == 0 and file.read(head) == wav_head(frames)
    return Pcm.in_file(path, head, frames) if ours else None


def _figures(report: Path) -> dict[str, StemFigure]:
    try:
        stems = from_json(TakeReport, report.read_bytes()).stems
    except (OSError, InvalidError):
        return {}
    # A name that is a path would leave the folder.
    return {stem.name: stem for stem in stems if "/" not in stem.name and "\\" not in stem.name}
