"""The library: compositions with their prompt, job and takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from text2song.storage.models import Composition, Job, JobStatus, Prompt
from text2song.storage.repositories.base import Page, RepositoryBase

_SORTS: Mapping[str, Any] = MappingProxyType(
    {
        "newest": Composition.id.desc(),
        "oldest": Composition.id.asc(),
        "title": func.lower(Composition.title).asc(),
    }
)


class CompositionRepository(RepositoryBase[Composition]):
    """Compositions, always loaded whole so that no query runs behind the reader's back."""

    model = Composition
    noun = "composition"

    def whole(self, id_: UUID) -> Composition:
        """Return one composition with prompt, job and takes; raises `RowNotFoundError`."""
        return self.get(id_, *_whole())

    def disown(self, parent_id: UUID) -> None:
        """Let the edits of a composition that goes stand alone."""
        children = update(Composition).where(Composition.parent_id == parent_id).values(parent_id=None)
        self.session.execute(children)

    def library(
        self, *, text: str, statuses: Collection[JobStatus], sort: str, limit: int, offset: int
    ) -> Page[Composition]:
        """Return a page of compositions whose title or prompt holds `text`; no statuses means all of them."""
        statement = _sorted(select(Composition).join(Composition.job).join(Composition.prompt), sort)
        if text:
            statement = statement.where(
                or_(Composition.title.icontains(text, autoescape=True), Prompt.text.icontains(text, autoescape=True))
            )
        if statuses:
            statement = statement.where(Job.status.in_(statuses))
        return self.page(statement.options(*_whole()), limit=limit, offset=offset)


def _sorted(statement: Select[Composition], sort: str) -> Select[Composition]:
    return statement.order_by(_SORTS[sort], Composition.id.desc())


def _whole() -> tuple[Any, ...]:
    return joinedload(Composition.prompt), joinedload(Composition.job), selectinload(Composition.takes)
