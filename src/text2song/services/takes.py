"""Finished takes: their figures, and their files to be played and taken home."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, undefer

from text2song.domain.errors import InvalidError, NotFoundError
from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.services.views import TakeView, view_take
from text2song.storage.models import Composition, Take
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.takes import TakeRepository

#: Archives of a take, and what each is made of.
STEMS_ZIP, PROJECT_FILE = "stems.zip", "project.dawproject"
_ARCHIVES = MappingProxyType({STEMS_ZIP: "stems", PROJECT_FILE: "DAW project"})


class FileNotMadeError(NotFoundError):
    """The take has no such file."""

    slug = "file-not-found"


class SameTakeError(InvalidError):
    """A take was named twice."""

    slug = "same-take"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDetails:
    """A take with its long reads."""

    take: TakeView
    title: str
    #: Sections, chords and sung lines with their times in seconds.
    outline: dict[str, Any]
    report: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTake:
    """A take beside others."""

    take: TakeView
    title: str
    prompt: str
    #: What the library shows of the song: genres, moods, key, tempo, metre.
    summary: dict[str, Any]
    loudness_lufs: float
    true_peak_dbtp: float
    #: Decibels to turn this take up so that all are equally loud; the softest is 0, the others are below.
    gain_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A zip of files that is put together as it is sent."""

    filename: str
    #: The place in the archive of each file, and the file.
    members: tuple[tuple[str, StoredFile], ...]
    modified: datetime

    @property
    def sha256(self) -> str:
        """A hash of the content, not of the archive's bytes, which follow from it."""
        listed = "".join(f"{place}\n{file.sha256}\n" for place, file in self.members)
        return hashlib.sha256(f"{self.modified.isoformat()}\n{listed}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file of a take, ready to be read without a session."""

    key: str
    #: What to call it on the listener's disk.
    filename: str
    media_type: str
    bytes: int
    sha256: str
    modified: datetime


def get_take(studio: Studio, actor: Actor | None, take_id: UUID) -> TakeDetails:
    """Return one take that the actor may read with its report; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        take = TakeRepository(session).get(take_id, undefer(Take.report), undefer(Take.outline))
        title = _song_of(session, actor, take).title
        marked = _marked(session, actor, [take_id])
        return TakeDetails(take=view_take(take, marked), title=title, outline=take.outline, report=take.report)


def compare_takes(studio: Studio, actor: Actor | None, ids: Sequence[UUID]) -> tuple[ComparedTake, ...]:
    """Return takes side by side in the order asked; raises `RowNotFoundError` or, for one twice, `SameTakeError`.

    Louder sounds better: the gains make a fair comparison, and none of them can clip.
    """
    if len(set(ids)) < len(ids):
        raise SameTakeError("a take is compared with itself", field="ids")
    with studio.sessions.read() as session:
        repository = TakeRepository(session)
        takes = [repository.get(id_, undefer(Take.report)) for id_ in ids]
        songs = [_song_of(session, actor, take) for take in takes]
        marked = _marked(session, actor, ids)
    softest = min(take.report["loudness_lufs"] for take in takes)
    return tuple(
        ComparedTake(
            take=view_take(take, marked),
            title=song.title,
            prompt=song.prompt.text,
            summary=song.summary,
            loudness_lufs=take.report["loudness_lufs"],
            true_peak_dbtp=take.report["true_peak_dbtp"],
            gain_db=round(softest - take.report["loudness_lufs"], 2),
        )
        for take, song in zip(takes, songs, strict=True)
    )


def take_file(studio: Studio, actor: Actor | None, take_id: UUID, name: str) -> StoredFile:
    """Return a file of a take by its name there; raises `RowNotFoundError` or `FileNotMadeError`."""
    with studio.sessions.read() as session:
        take = TakeRepository(session).get(take_id)
        title = _song_of(session, actor, take).title
    return stored_file(take, title, name)


def composition_file(studio: Studio, actor: Actor | None, composition_id: UUID, name: str, number: int) -> StoredFile:
    """Return a file of the take of that number; raises `RowNotFoundError` or `FileNotMadeError`."""
    take, title = _numbered(studio, actor, composition_id, number)
    return stored_file(take, title, name)


def composition_archive(
    studio: Studio, actor: Actor | None, composition_id: UUID, name: str, number: int
) -> Archive | StoredFile:
    """Return "stems.zip" or "project.dawproject" of the take of that number, as it is kept or as it is put together.

    Raises as `composition_file` does.
    """
    take, title = _numbered(studio, actor, composition_id, number)
    if any(file["name"] == name for file in take.files):
        return stored_file(take, title, name)
    plain = safe_filename(title)
    inside = f"{plain} - " if name == STEMS_ZIP else ""
    members = archive_members(name, [file["name"] for file in take.files])
    if not members:
        raise FileNotMadeError(f"this take has no {_ARCHIVES[name]}", field="name")
    return Archive(
        filename=_filename(title, number, name),
        members=tuple((inside + place, stored_file(take, title, stored)) for place, stored in members),
        modified=take.created_at,
    )


def archive_members(name: str, files: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the place in the archive and the name of each file that belongs to it; none when it cannot be made.

    In a DAW project its documents stand at the top, and the stems under audio/.
    """
    stems = [file for file in files if file.startswith("stems/")]
    if name == STEMS_ZIP:
        return tuple((file, file) for file in stems)
    documents = [(file.removeprefix("project/"), file) for file in files if file.startswith("project/")]
    if not any(place == "project.xml" for place, _ in documents):
        return ()
    return (*((f"audio/{file.removeprefix('stems/')}", file) for file in stems), *documents)


def remote_address(studio: Studio, file: StoredFile, disposition: str) -> str | None:
    """Return the signed address of a file in a bucket, named by a Content-Disposition; None for one on this disk."""
    if not studio.blobs.is_remote:
        return None
    seconds = studio.settings.s3_link_seconds
    return studio.blobs.link(file.key, seconds=seconds, disposition=disposition, media_type=file.media_type)


def read_chunks(studio: Studio, file: StoredFile, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes [start, stop) of a file in chunks; no session is held."""
    return studio.blobs.chunks(file.key, start, stop)


def safe_filename(title: str) -> str:
    """Return a title as a file name that every system takes.

    >>> safe_filename("Rain / Neon: “again”")
    'Rain Neon “again”'
    """
    words = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title)
    return " ".join(words.split()).strip(". ")[:100] or "song"


def _marked(session: Session, actor: Actor | None, ids: Sequence[UUID]) -> frozenset[UUID]:
    return FavoriteRepository(session).marked(None if actor is None else actor.user_id, ids)


def _song_of(session: Session, actor: Actor | None, take: Take) -> Composition:
    """Return the song of a take that the actor may read; otherwise the take is not there for them either."""
    reader = None if actor is None else actor.user_id
    try:
        return CompositionRepository(session).readable(take.composition_id, reader)
    except RowNotFoundError:
        raise RowNotFoundError(f"there is no {TakeRepository.noun} {take.id}") from None


def _numbered(studio: Studio, actor: Actor | None, composition_id: UUID, number: int) -> tuple[Take, str]:
    reader = None if actor is None else actor.user_id
    with studio.sessions.read() as session:
        composition = CompositionRepository(session).readable(composition_id, reader)
    for take in composition.takes:
        if take.number == number:
            return take, composition.title
    made = len(composition.takes)
    raise FileNotMadeError(f"there is no take {number}; {made} {'is' if made == 1 else 'are'} made", field="take")


def stored_file(take: Take, title: str, name: str) -> StoredFile:
    """Return a file of a take by its name there; raises `FileNotMadeError`."""
    for file in take.files:
        if file["name"] == name:
            return StoredFile(
                key=f"{take.prefix}/{name}",
                filename=_filename(title, take.number, name),
                media_type=file["media_type"],
                bytes=file["bytes"],
                sha256=file["sha256"],
                modified=take.created_at,
            )
    names = tuple(file["name"] for file in take.files)
    raise FileNotMadeError(f"this take has no file {name}", field="name", choices=names)


def _filename(title: str, number: int, name: str) -> str:
    stem, dot, extension = name.rpartition("/")[2].rpartition(".")
    what = "" if name == PROJECT_FILE or stem in ("song", "") else f" - {stem}"
    take = "" if number == 1 else f" (take {number})"
    return f"{safe_filename(title)}{take}{what}{dot}{extension}"
