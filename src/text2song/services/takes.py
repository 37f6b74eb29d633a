"""Finished takes: their figures, and their files to be played and taken home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, undefer

from text2song.domain.errors import NotFoundError
from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.services.views import TakeView, view_take
from text2song.storage.models import Composition, Take
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.takes import TakeRepository


class FileNotMadeError(NotFoundError):
    """The take has no such file."""

    slug = "file-not-found"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDetails:
    """A take with its long reads."""

    take: TakeView
    title: str
    #: Sections, chords and sung lines with their times in seconds.
    outline: dict[str, Any]
    report: dict[str, Any]


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
        return TakeDetails(take=view_take(take), title=title, outline=take.outline, report=take.report)


def take_file(studio: Studio, actor: Actor | None, take_id: UUID, name: str) -> StoredFile:
    """Return a file of a take by its name there; raises `RowNotFoundError` or `FileNotMadeError`."""
    with studio.sessions.read() as session:
        take = TakeRepository(session).get(take_id)
        title = _song_of(session, actor, take).title
    return _stored(take, title, name)


def composition_file(studio: Studio, actor: Actor | None, composition_id: UUID, name: str, number: int) -> StoredFile:
    """Return a file of the take of that number; raises `RowNotFoundError` or `FileNotMadeError`."""
    take, title = _numbered(studio, actor, composition_id, number)
    return _stored(take, title, name)


def composition_stems(
    studio: Studio, actor: Actor | None, composition_id: UUID, number: int
) -> tuple[str, tuple[StoredFile, ...]]:
    """Return the title and the stem files of the take of that number; raises as `composition_file` does."""
    take, title = _numbered(studio, actor, composition_id, number)
    stems = tuple(_stored(take, title, file["name"]) for file in take.files if file["name"].startswith("stems/"))
    if not stems:
        raise FileNotMadeError("this take has no stems", field="name")
    return title, stems


def composition_project(
    studio: Studio, actor: Actor | None, composition_id: UUID, number: int
) -> tuple[str, tuple[tuple[str, StoredFile], ...]]:
    """Return the title and a DAW project's files by their place in the archive; raises as `composition_file` does."""
    take, title = _numbered(studio, actor, composition_id, number)
    places = {file["name"]: _place_in_project(file["name"]) for file in take.files}
    members = tuple((place, _stored(take, title, name)) for name, place in places.items() if place)
    if not any(place == "project.xml" for place, _ in members):
        raise FileNotMadeError("this take has no DAW project", field="name")
    return title, members


def _place_in_project(name: str) -> str:
    """Documents stand at the top of the archive, stems under audio/; nothing else belongs to it."""
    if name.startswith("stems/"):
        return f"audio/{name.removeprefix('stems/')}"
    return name.removeprefix("project/") if name.startswith("project/") else ""


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


def _stored(take: Take, title: str, name: str) -> StoredFile:
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
    what = "" if stem in ("song", "") else f" - {stem}"
    take = "" if number == 1 else f" (take {number})"
    return f"{safe_filename(title)}{take}{what}{dot}{extension}"
