"""Previews of takes: made when first asked for, by a process of its own, and kept beside the take's files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog

from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.services.takes import FileNotMadeError, StoredFile, take_file
from text2song.storage.blobs import BlobExistsError
from text2song.storage.models import Take
from text2song.storage.repositories.takes import TakeRepository

#: Media type of each preview.
PREVIEWS = MappingProxyType({"opus": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"})
_SECONDS = 180.0
# One at a time in a process: encoding takes a core for seconds, and listeners are to be served meanwhile.
_turn = threading.Lock()

log = structlog.get_logger(__name__)


class PreviewError(UnavailableError):
    """The preview could not be made."""

    slug = "preview"


def kept_preview(studio: Studio, actor: Actor | None, take_id: UUID, kind: str) -> StoredFile | None:
    """Return the preview of a take that the actor may read, None while it is not made; raises `RowNotFoundError`."""
    try:
        return take_file(studio, actor, take_id, f"preview.{kind}")
    except FileNotMadeError:
        return None


def preview_file(studio: Studio, actor: Actor | None, take_id: UUID, kind: str) -> StoredFile:
    """Return the preview of a take that the actor may read, making it first if nobody asked for it yet.

    Raises `RowNotFoundError`, `PreviewError`, or what is unavailable.
    """
    kept = kept_preview(studio, actor, take_id, kind)
    if kept is not None:
        return kept
    song = take_file(studio, actor, take_id, "song.flac")
    with _turn:
        kept = kept_preview(studio, actor, take_id, kind)
        if kept is not None:
            return kept
        _make(studio, take_id, song, kind)
    return take_file(studio, actor, take_id, f"preview.{kind}")


def _make(studio: Studio, take_id: UUID, song: StoredFile, kind: str) -> None:
    name = f"preview.{kind}"
    key = f"{song.key.rpartition('/')[0]}/{name}"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        with studio.blobs.opened(song.key) as content:
            _encode(content.fileno(), target, kind)
        try:
            studio.blobs.create(key, target, PREVIEWS[kind])
        except BlobExistsError:
            # Another process was quicker, or died before it could say so: what is there counts.
            log.info("preview was there already", key=key)
    found = studio.blobs.digest(key)
    listed = {"name": name, "bytes": found.bytes, "sha256": found.sha256, "media_type": PREVIEWS[kind]}
    with studio.sessions.write() as session:
        # Whoever lists another preview of the same take at this moment waits for this one.
        _list(TakeRepository(session).held(take_id), listed)


def _list(take: Take, listed: dict[str, Any]) -> None:
    if any(file["name"] == listed["name"] for file in take.files):
        return
    take.files = [*take.files, listed]
    take.size_bytes += listed["bytes"]


def _encode(song: int, target: Path, kind: str) -> None:
    command = [sys.executable, "-m", "text2song.audio.preview", kind, str(target)]
    try:
        subprocess.run(command, stdin=song, check=True, timeout=_SECONDS, capture_output=True)  # noqa: S603 - ours
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        log.warning("preview failed", kind=kind, reason=said.decode(errors="replace")[-500:])
        raise PreviewError("the preview could not be made; try again in a while") from error
