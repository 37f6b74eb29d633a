"""Health: each part is tried, not assumed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from text2song.domain.errors import StudioError, UnavailableError
from text2song.services.studio import Studio

#: Free space below which a song may not fit: a few hundred megabytes of sound while it is made.
_ROOM_BYTES = 512 * 1024 * 1024


class UnhealthyError(UnavailableError):
    """A part of the studio does not work."""

    slug = "unhealthy"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: whether it works, and one sentence on it."""

    name: str
    healthy: bool
    detail: str


def check_health(studio: Studio) -> tuple[Check, ...]:
    """Try the database, the sound store, the workers and the room on the disk."""
    parts: dict[str, Callable[[Studio], str]] = {
        "database": _database,
        "storage": _storage,
        "worker": _worker,
        "disk": _disk,
    }
    return tuple(_try(studio, name, part) for name, part in parts.items())


def _try(studio: Studio, name: str, part: Callable[[Studio], str]) -> Check:
    try:
        return Check(name, healthy=True, detail=part(studio))
    except StudioError as error:
        return Check(name, healthy=False, detail=error.message)


def _database(studio: Studio) -> str:
    with studio.sessions.read() as session:
        session.execute(text("SELECT 1"))
    return "answers"


def _storage(studio: Studio) -> str:
    studio.blobs.probe()
    return "can be written and read"


def _worker(studio: Studio) -> str:
    alive = studio.roster.alive()
    if not alive:
        raise UnhealthyError("no worker is running, so songs wait in the queue")
    return f"{alive} running"


def _disk(studio: Studio) -> str:
    free = shutil.disk_usage(studio.work_folder).free
    if free < _ROOM_BYTES:
        raise UnhealthyError(f"only {free // 2**20} MiB are free on the disk")
    return f"{free / 2**30:.1f} GiB free"
