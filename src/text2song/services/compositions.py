"""The library of songs: listed, renamed, removed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from text2song.domain.request import InvalidRequestError
from text2song.services.studio import Studio
from text2song.services.views import STATES, CompositionView, Listing, Status, view_composition
from text2song.storage.models import JobStatus
from text2song.storage.repositories.compositions import CompositionRepository
from text2song.storage.repositories.jobs import JobRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which songs of the library, in which order; `sort` is "newest", "oldest" or "title"."""

    text: str = ""
    status: Status | None = None
    sort: str = "newest"
    limit: int = 20
    offset: int = 0


def list_compositions(studio: Studio, query: Query) -> Listing[CompositionView]:
    """Return a page of the library."""
    statuses = () if query.status is None else (STATES[query.status],)
    with studio.sessions.read() as session:
        page = CompositionRepository(session).library(
            text=query.text, statuses=statuses, sort=query.sort, limit=query.limit, offset=query.offset
        )
    now = studio.queue.clock()
    return Listing(tuple(view_composition(row, now) for row in page.items), page.total)


def list_recent(studio: Studio, limit: int) -> tuple[CompositionView, ...]:
    """Return the newest finished songs."""
    with studio.sessions.read() as session:
        page = CompositionRepository(session).library(
            text="", statuses=(JobStatus.COMPLETE,), sort="newest", limit=limit, offset=0
        )
    return tuple(view_composition(row) for row in page.items)


def get_composition(studio: Studio, composition_id: UUID) -> CompositionView:
    """Return one song; raises `RowNotFoundError`."""
    with studio.sessions.read() as session:
        return view_composition(CompositionRepository(session).whole(composition_id), studio.queue.clock())


def rename_composition(studio: Studio, composition_id: UUID, title: str) -> CompositionView:
    """Give a song another title; raises `RowNotFoundError` or `InvalidRequestError`."""
    if not title.strip():
        raise InvalidRequestError("the title is empty", field="title")
    with studio.sessions.write() as session:
        composition = CompositionRepository(session).whole(composition_id)
        composition.title = title.strip()
        composition.titled = True
        composition.updated_at = studio.queue.clock()
        return view_composition(composition)


def delete_composition(studio: Studio, composition_id: UUID) -> None:
    """Remove a song with its takes and sounds, cancelling it first when it is being made.

    Raises `RowNotFoundError`. The rows go before the sounds: a crash between leaves files that the sweep removes,
    never a song without its sound.
    """
    with studio.sessions.write() as session:
        compositions = CompositionRepository(session)
        composition = compositions.whole(composition_id)
        prefixes = [take.prefix for take in composition.takes]
        job = composition.job
        compositions.disown(composition_id)
        compositions.delete(composition)
        JobRepository(session).delete(job)
    for prefix in prefixes:
        studio.blobs.delete_folder(prefix)
