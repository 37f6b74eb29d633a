"""The library of songs: listed, renamed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor
from text2song.domain.request import InvalidRequestError
from text2song.services.studio import Studio
from text2song.services.views import STATES, CompositionView, Listing, Status, view_composition
from text2song.storage.models import Composition
from text2song.storage.repositories.compositions import CompositionRepository, LibraryQuery
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.terms import parsed

_PASSED_ON = ("genre", "favorite", "public", "parent_id", "created", "duration", "sort", "limit", "offset")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which songs of the library, in which order; None and "" mean any, both ends of a span are in it.

    `sort` is "newest", "oldest", "title", "longest", "shortest", "most_played" or, where there is `text`, "relevance".
    """

    text: str = ""
    genre: str = ""
    status: Status | None = None
    favorite: bool | None = None
    public: bool | None = None
    parent_id: UUID | None = None
    created: tuple[datetime | None, datetime | None] = (None, None)
    #: Seconds.
    duration: tuple[float | None, float | None] = (None, None)
    sort: str = "newest"
    limit: int = 20
    offset: int = 0


def list_compositions(studio: Studio, actor: Actor, query: Query) -> Listing[CompositionView]:
    """Return a page of the actor's library."""
    wanted = LibraryQuery(
        terms=parsed(query.text),
        worded=bool(query.text.strip()),
        state=None if query.status is None else STATES[query.status],
        **{name: getattr(query, name) for name in _PASSED_ON},
    )
    with studio.sessions.read() as session:
        page = CompositionRepository(session).library(actor.user_id, wanted)
        marked = FavoriteRepository(session).marked_of(actor.user_id, [row.id for row in page.items])
    now = studio.queue.clock()
    return Listing(tuple(view_composition(row, now, marked) for row in page.items), page.total)


def get_composition(studio: Studio, actor: Actor | None, composition_id: UUID) -> CompositionView:
    """Return one song that the actor may read; raises `RowNotFoundError`."""
    reader = None if actor is None else actor.user_id
    with studio.sessions.read() as session:
        row = CompositionRepository(session).readable(composition_id, reader)
        return view_composition(row, studio.queue.clock(), _marked(session, reader, [row]))


def change_composition(
    studio: Studio, actor: Actor, composition_id: UUID, *, title: str | None = None, public: bool | None = None
) -> CompositionView:
    """Give one of the actor's songs another title, show it to everyone or to no one; None leaves what it is.

    Raises `RowNotFoundError`, `NotOwnerError` or `InvalidRequestError`.
    """
    if title is not None and not title.strip():
        raise InvalidRequestError("the title is empty", field="title")
    with studio.sessions.write() as session:
        composition = CompositionRepository(session).changeable(composition_id, actor.user_id)
        if title is not None:
            composition.title = title.strip()
            composition.titled = True
        if public is not None:
            composition.public = public
        composition.updated_at = studio.queue.clock()
        return view_composition(composition, marked=_marked(session, actor.user_id, [composition]))


def delete_composition(studio: Studio, actor: Actor, composition_id: UUID) -> None:
    """Remove one of the actor's songs with its takes and sounds, cancelling it first when it is being made.

    Raises `RowNotFoundError` or `NotOwnerError`. The rows go before the sounds: a crash between leaves files that
    the sweep removes, never a song without its sound.
    """
    with studio.sessions.write() as session:
        compositions = CompositionRepository(session)
        # First the job, as who finishes it does, then the song, as who plays one of its takes does: two that wait
        # for each other would both fail. What was made until then is read after that.
        JobRepository(session).hold(compositions.changeable(composition_id, actor.user_id).job_id)
        session.expire_all()
        compositions.held(composition_id)
        composition = compositions.changeable(composition_id, actor.user_id)
        prefixes = [take.prefix for take in composition.takes]
        job = composition.job
        compositions.disown(composition_id)
        compositions.delete(composition)
        JobRepository(session).delete(job)
    for prefix in prefixes:
        try:
            studio.blobs.delete_folder(prefix)
        except UnavailableError as error:
            log.warning("files of a removed song are left for the sweep", error=error.message)


def _marked(session: Session, user_id: UUID | None, rows: Sequence[Composition]) -> frozenset[UUID]:
    return FavoriteRepository(session).marked(user_id, [take.id for row in rows for take in row.takes])
