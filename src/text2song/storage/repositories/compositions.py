"""The library: compositions with their prompt, job and takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true, update
from sqlalchemy.orm import joinedload, selectinload

from text2song.domain.errors import RefusedError
from text2song.storage.models import Composition, Favorite, Job, JobStatus, Prompt
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.base import Page, RepositoryBase, RowNotFoundError
from text2song.storage.repositories.jobs import JobState
from text2song.storage.repositories.search import Narrowing, SearchRepository
from text2song.storage.searching import genre_label
from text2song.storage.terms import NOTHING, Terms

#: Orders of the library; the newest first among equals. "relevance" is the search's own.
SORTS: Mapping[str, tuple[ColumnElement[Any], ...]] = MappingProxyType(
    {
        "newest": (Composition.created_at.desc(), Composition.id.desc()),
        "oldest": (Composition.created_at.asc(), Composition.id.asc()),
        "title": (Composition.sort_title.asc(), Composition.id.asc()),
        "longest": (Composition.duration_seconds.desc().nulls_last(), Composition.id.desc()),
        "shortest": (Composition.duration_seconds.asc().nulls_last(), Composition.id.asc()),
        "most_played": (Composition.play_count.desc(), Composition.id.desc()),
    }
)
RELEVANCE = "relevance"


class NotOwnerError(RefusedError):
    """What everyone may read is still its owner's alone to change."""

    slug = "not-owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryQuery:
    """Which songs; whatever is empty or None is all of them, both ends of a span are in it."""

    terms: Terms = NOTHING
    #: Whether `terms` came from words at all: words that say nothing find nothing.
    worded: bool = False
    genre: str = ""
    state: JobState | None = None
    #: A user's favourites, or what they have not marked.
    favorite: bool | None = None
    public: bool | None = None
    parent_id: UUID | None = None
    created: tuple[datetime | None, datetime | None] = (None, None)
    duration: tuple[float | None, float | None] = (None, None)
    sort: str = "newest"
    limit: int
    offset: int


class CompositionRepository(RepositoryBase[Composition]):
    """Compositions, always loaded whole so that no query runs behind the reader's back."""

    model = Composition
    noun = "composition"

    def whole(self, id_: UUID) -> Composition:
        """Return one composition with prompt, job and takes; raises `RowNotFoundError`."""
        return self.get(id_, *_whole())

    def readable(self, id_: UUID, user_id: UUID | None) -> Composition:
        """Return one composition whole if it is the user's or public.

        Raises `RowNotFoundError`; `user_id` is None for people without an account.
        """
        composition = self.whole(id_)
        if not composition.public and composition.user_id != user_id:
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return composition

    def changeable(self, id_: UUID, user_id: UUID) -> Composition:
        """Return one of the user's compositions whole.

        Raises `RowNotFoundError`, or `NotOwnerError` for what the user may read only.
        """
        composition = self.readable(id_, user_id)
        if composition.user_id != user_id:
            raise NotOwnerError("this song is someone else's; only its owner may change it")
        return composition

    def disown(self, parent_id: UUID) -> None:
        """Let the edits of a composition that goes stand alone."""
        children = update(Composition).where(Composition.parent_id == parent_id).values(parent_id=None)
        self.session.execute(children)

    def library(self, user_id: UUID | None, query: LibraryQuery) -> Page[Composition]:
        """Return a page of the user's compositions, or of the public ones for people without an account."""
        if query.worded and not query.terms.every:
            return Page((), 0)
        conditions = tuple(_conditions(user_id, query))
        narrowing = _narrowing(user_id, query)
        if narrowing is not None and not conditions:
            ids, total = self._found(user_id, query, narrowing)
        else:
            kept = _kept(user_id, conditions)
            if narrowing is not None:
                kept = SearchRepository(self.session).narrowed(kept, narrowing, by_rank=_by_rank(query))
            ids = self._page(kept, query)
            only_favorites = narrowing is None and len(conditions) == 1 and query.favorite and user_id is not None
            total = self._count(_favorites(user_id).distinct() if only_favorites else kept.order_by(None))
        return Page(self._in_order(ids), total)

    def _found(self, user_id: UUID | None, query: LibraryQuery, narrowing: Narrowing) -> tuple[Sequence[UUID], int]:
        """Return a page of what the full-text index finds, and of how many, which the index knows by itself."""
        search = SearchRepository(self.session)
        if _by_rank(query):
            ids: Sequence[UUID] = search.best(narrowing, query.limit, query.offset)
        else:
            ids = self._page(search.narrowed(_kept(user_id, ()), narrowing), query)
        return ids, search.count(narrowing)

    def _page(self, kept: Select[Any], query: LibraryQuery) -> Sequence[UUID]:
        order = SORTS.get(query.sort, SORTS["newest"])
        return self.session.scalars(kept.order_by(*order).limit(query.limit).offset(query.offset)).all()

    def _count(self, statement: Select[Any]) -> int:
        return self.session.scalar(select(func.count()).select_from(statement.subquery())) or 0

    def _in_order(self, ids: Sequence[UUID]) -> tuple[Composition, ...]:
        rows = self.session.scalars(select(Composition).where(Composition.id.in_(ids)).options(*_shown())).unique()
        place = {id_: index for index, id_ in enumerate(ids)}
        return tuple(sorted(rows, key=lambda row: place[row.id]))


def _by_rank(query: LibraryQuery) -> bool:
    return query.sort == RELEVANCE and query.worded


def _kept(user_id: UUID | None, conditions: Collection[ColumnElement[bool]]) -> Select[Any]:
    whose = Composition.public == true() if user_id is None else Composition.user_id == user_id
    return select(Composition.id).where(whose, *conditions)


def _narrowing(user_id: UUID | None, query: LibraryQuery) -> Narrowing | None:
    """Return what the full-text index is asked, None for nothing."""
    if not (query.terms.every or query.genre):
        return None
    genre = [(genre_label(query.genre),)] if query.genre else []
    return Narrowing(query.terms, (Audience(user_id, public=False).labels(), *genre))


def _favorites(user_id: UUID | None) -> Select[Any]:
    """Select the compositions of the user's own that have a take marked by them."""
    return select(Favorite.composition_id).where(Favorite.user_id == user_id, Favorite.owner_id == user_id)


def _conditions(user_id: UUID | None, query: LibraryQuery) -> Iterator[ColumnElement[bool]]:
    if query.state is not None:
        yield _in_state(query.state)
    if query.favorite is not None:
        mine = Composition.id.in_(_favorites(user_id))
        yield mine if query.favorite else ~mine
    if query.public is not None:
        yield Composition.public == query.public
    if query.parent_id is not None:
        yield Composition.parent_id == query.parent_id
    spans: tuple[tuple[Any, tuple[Any, Any]], ...] = (
        (Composition.created_at, query.created),
        (Composition.duration_seconds, query.duration),
    )
    for column, (low, high) in spans:
        if low is not None:
            yield column >= low
        if high is not None:
            yield column <= high


def _in_state(state: JobState) -> ColumnElement[bool]:
    """Finished songs are known by themselves; those in another state are few, and found by their jobs."""
    if state.status == JobStatus.COMPLETE:
        return Composition.made_at.is_not(None)
    # Said twice, for the index: without the finished ones few are left.
    return and_(Composition.made_at.is_(None), Composition.job_id.in_(select(Job.id).where(state.condition)))


def _whole() -> tuple[Any, ...]:
    return joinedload(Composition.prompt), joinedload(Composition.job), selectinload(Composition.takes)


def _shown() -> tuple[Any, ...]:
    """What a list shows: everything but what only a worker reads."""
    return (
        joinedload(Composition.prompt).defer(Prompt.request, raiseload=True),
        joinedload(Composition.job).defer(Job.payload, raiseload=True),
        selectinload(Composition.takes),
    )
