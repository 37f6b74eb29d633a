"""Files that users send: taken in, described, heard, removed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from text2song.domain.errors import ConflictError, InvalidError, RefusedError, UnavailableError
from text2song.domain.identity import Actor
from text2song.domain.ids import uuid7
from text2song.services.idempotency import Once, RequestKey
from text2song.services.sniffing import HEAD_BYTES, TAIL_BYTES, Sniffed, sniff
from text2song.services.studio import Studio
from text2song.services.sweeping import UPLOADS
from text2song.services.takes import StoredFile
from text2song.storage.models import File
from text2song.storage.repositories.files import FileRepository
from text2song.storage.repositories.users import UserRepository

_NAME_LENGTH = 120
# Control and formatting characters (the ones that turn text around among them) and what some system reads as a path.
_UNSAFE = re.compile(r'[<>:"/\\|?*]')

log = structlog.get_logger(__name__)


class Kind(StrEnum):
    """What a file is for."""

    REFERENCE = "REFERENCE"
    COVER = "COVER"
    OTHER = "OTHER"


class WrongKindError(InvalidError):
    """The file cannot serve what it is meant for."""

    slug = "wrong-kind"


class NoSoundError(ConflictError):
    """A picture has nothing to be heard."""

    slug = "no-sound"


class QuotaError(RefusedError):
    """The user has no room left."""

    slug = "quota"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: open, complete, and not yet believed."""

    content: BinaryIO
    bytes: int
    filename: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file and what is known of it."""

    id: UUID
    user_id: UUID
    kind: str
    original_filename: str
    media_type: str
    file_size: int
    sha256: str
    metadata: dict[str, Any]
    created_at: datetime


def keep_upload(studio: Studio, actor: Actor, upload: Upload, name: str | None = None) -> FileView:
    """Take in a file that decodes; the same file under the same `name` of the request once.

    Raises `UnsupportedFileError`, `UnreadableFileError`, `WrongKindError`, `QuotaError`, `KeyReusedError`, or what is
    unavailable. The bytes are stored before the row that names them: what a crash leaves between is swept.
    """
    digest = _hash(upload.content)
    once = Once(studio, actor, _request_key(upload, digest, name), FileView)
    kept = once.recall()
    if kept is not None:
        return kept
    sniffed = _sniffed(upload)
    properties = studio.decoder.look(upload.content, sniffed, listen=False)
    file_id = uuid7()
    key = f"{UPLOADS}/{file_id}/content.{sniffed.ending}"
    row = File(
        id=file_id,
        user_id=actor.user_id,
        kind=upload.kind.value,
        original_filename=clean_name(upload.filename) or f"file.{sniffed.ending}",
        media_type=sniffed.media_type,
        size_bytes=upload.bytes,
        sha256=digest,
        key=key,
        properties=properties,
        analysis=None,
    )
    with studio.sessions.read() as session:
        _check_quota(studio, session, actor, upload)
    # The decoder has read it.
    upload.content.seek(0)
    studio.blobs.create(key, upload.content, sniffed.media_type)
    return _listed(studio, actor, upload, row, once)


def get_file(studio: Studio, actor: Actor, file_id: UUID) -> FileView:
    """Return one file of the actor's; raises `RowNotFoundError`."""
    return _view(_row(studio, actor, file_id))


def file_content(studio: Studio, actor: Actor, file_id: UUID) -> StoredFile:
    """Return one file of the actor's as it can be sent; raises `RowNotFoundError`."""
    row = _row(studio, actor, file_id)
    return StoredFile(
        key=row.key,
        filename=row.original_filename,
        media_type=row.media_type,
        bytes=row.size_bytes,
        sha256=row.sha256,
        modified=row.created_at,
    )


def delete_file(studio: Studio, actor: Actor, file_id: UUID) -> None:
    """Remove a file of the actor's; raises `RowNotFoundError`."""
    with studio.sessions.write() as session:
        files = FileRepository(session)
        files.delete(files.owned(file_id, actor.user_id))
    _discard(studio, file_id)


def analyze_file(studio: Studio, actor: Actor, file_id: UUID, key: RequestKey | None = None) -> FileView:
    """Return a sound with its tempo, key, energy and loudness, measured once and remembered.

    The same `key` is answered the same. Raises `RowNotFoundError`, `NoSoundError`, `KeyReusedError`, or what is
    unavailable.
    """
    once = Once(studio, actor, key, FileView)
    answered = once.recall()
    if answered is not None:
        return answered
    row = _row(studio, actor, file_id)
    if not row.media_type.startswith("audio/"):
        raise NoSoundError(f"“{row.original_filename}” is a picture; only sounds can be analysed", field="file_id")
    if row.analysis is not None and key is None:
        return _view(row)
    analysis = row.analysis if row.analysis is not None else _heard(studio, row)

    def remember(session: Session) -> FileView:
        kept = FileRepository(session).owned(file_id, actor.user_id)
        kept.analysis = analysis
        return _view(kept)

    return once.write(remember)


def clean_name(name: str) -> str:
    """Return a file name without its path and without what could mislead a person or a system; may be empty.

    >>> clean_name("C:\\\\songs\\\\..\\\\my  demo\\x00.wav"), clean_name("../../etc/passwd"), clean_name("..")
    ('my demo.wav', 'passwd', '')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(
        char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C" or char == "\t"
    )
    words = " ".join(_UNSAFE.sub(" ", plain).split()).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: _NAME_LENGTH - len(ending) - 1].rstrip('. ')}.{ending}" if stem.strip(". ") else ending
    return words[:_NAME_LENGTH]


def _heard(studio: Studio, row: File) -> dict[str, Any]:
    with studio.blobs.opened(row.key) as content:
        sniffed = sniff(*_ends(content, row.size_bytes), row.size_bytes)
        analysis: dict[str, Any] = studio.decoder.look(content, sniffed, listen=True)["analysis"]
    return analysis


def _request_key(upload: Upload, digest: str, name: str | None) -> RequestKey | None:
    """Return what the request is known by: its file, not its bytes, for a form has another boundary each time."""
    if name is None:
        return None
    what = json.dumps(["files", upload.kind.value, upload.filename, digest])
    return RequestKey(name, hashlib.sha256(what.encode()).hexdigest())


def _discard(studio: Studio, file_id: UUID) -> None:
    try:
        studio.blobs.delete_folder(f"{UPLOADS}/{file_id}")
    except UnavailableError as error:
        log.warning("a removed file is left for the sweep", error=error.message)


def _sniffed(upload: Upload) -> Sniffed:
    sniffed = sniff(*_ends(upload.content, upload.bytes), upload.bytes)
    if upload.kind is Kind.REFERENCE and not sniffed.is_audio:
        raise WrongKindError("a reference is a sound, and this file is a picture", field="kind", choices=("COVER",))
    if upload.kind is Kind.COVER and sniffed.is_audio:
        raise WrongKindError("a cover is a picture, and this file is a sound", field="kind", choices=("REFERENCE",))
    return sniffed


def _ends(content: BinaryIO, length: int) -> tuple[bytes, bytes]:
    content.seek(0)
    head = content.read(HEAD_BYTES)
    content.seek(max(0, length - TAIL_BYTES))
    return head, content.read(TAIL_BYTES)


def _hash(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    while piece := content.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _listed(studio: Studio, actor: Actor, upload: Upload, row: File, once: Once[FileView]) -> FileView:
    """Store the row of a file that is stored; without it the file goes."""

    def keep(session: Session) -> FileView:
        # Once more, for others of the same user may have been stored meanwhile; they come here one after the other.
        UserRepository(session).hold(actor.user_id)
        _check_quota(studio, session, actor, upload)
        return _view(FileRepository(session).add(row))

    file_id = row.id
    try:
        view = once.write(keep)
    except QuotaError:
        _discard(studio, file_id)
        raise
    if view.id != file_id:
        # The same request came twice at once, and the other one was faster.
        _discard(studio, file_id)
    return view


def _check_quota(studio: Studio, session: Session, actor: Actor, upload: Upload) -> None:
    room = studio.settings.upload_quota_bytes
    taken = FileRepository(session).bytes_of(actor.user_id)
    if taken + upload.bytes > room:
        raise QuotaError(f"your files take {taken // 2**20} of {room // 2**20} MiB; remove some first", field="file")


def _row(studio: Studio, actor: Actor, file_id: UUID) -> File:
    with studio.sessions.read() as session:
        return FileRepository(session).owned(file_id, actor.user_id)


def _view(row: File) -> FileView:
    return FileView(
        id=row.id,
        user_id=row.user_id,
        kind=row.kind,
        original_filename=row.original_filename,
        media_type=row.media_type,
        file_size=row.size_bytes,
        sha256=row.sha256,
        metadata=row.properties | (row.analysis or {}),
        created_at=row.created_at,
    )
