"""The library: compositions with their prompt, job and takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from text2song.domain.errors import RefusedError
from text2song.storage.models import Composition, Job, JobStatus, Prompt
from text2song.storage.repositories.base import Page, RepositoryBase, RowNotFoundError

_SORTS: Mapping[str, Any] = MappingProxyType(
    {
        "newest": Composition.id.desc(),
        "oldest": Composition.id.asc(),
        "title": func.lower(Composition.title).asc(),
    }
)


class NotOwnerError(RefusedError):
    """What everyone may read is still its owner's alone to change."""

    slug = "not-owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryQuery:
    """Songs whose title or prompt holds `text`; no statuses means all of them."""

    text: str = ""
    statuses: Collection[JobStatus] = ()
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
        text, statuses = query.text, query.statuses
        whose = Composition.public if user_id is None else Composition.user_id == user_id
        joined = select(Composition).join(Composition.job).join(Composition.prompt).where(whose)
        statement = _sorted(joined, query.sort)
        if text:
            statement = statement.where(
                or_(Composition.title.icontains(text, autoescape=True), Prompt.text.icontains(text, autoescape=True))
            )
        if statuses:
            statement = statement.where(Job.status.in_(statuses))
        return self.page(statement.options(*_whole()), limit=query.limit, offset=query.offset)


def _sorted(statement: Select[Composition], sort: str) -> Select[Composition]:
    return statement.order_by(_SORTS[sort], Composition.id.desc())


def _whole() -> tuple[Any, ...]:
    return joinedload(Composition.prompt), joinedload(Composition.job), selectinload(Composition.takes)
