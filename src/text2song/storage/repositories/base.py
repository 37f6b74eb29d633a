"""What every repository can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from text2song.domain.errors import NotFoundError
from text2song.storage.base import Base

M = TypeVar("M", bound=Base)


class RowNotFoundError(NotFoundError):
    """No row has that id."""

    slug = "not-found"


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """A stretch of a longer list, and how long the list is."""

    items: tuple[M, ...]
    total: int


class RepositoryBase(Generic[M]):
    """Finds and stores the rows of one table within the session it is given."""

    model: type[M]
    #: What a row is called in sentences.
    noun: ClassVar[str]

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, row: M) -> M:
        """Store a new row and return it."""
        self.session.add(row)
        self.session.flush()
        return row

    def get(self, id_: UUID, *options: Any) -> M:
        """Return the row with that id; raises `RowNotFoundError`."""
        row = self.session.get(self.model, id_, options=options or None)
        if row is None:
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return row

    def held(self, id_: UUID) -> M:
        """Return the row with that id, which nobody else changes before the transaction ends.

        Raises `RowNotFoundError`.
        """
        row = self.session.get(self.model, id_, with_for_update=True, populate_existing=True)
        if row is None:
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return row

    def owned(self, id_: UUID, user_id: UUID, *options: Any) -> M:
        """Return the row with that id if it is the user's.

        Raises `RowNotFoundError` for another's as well: its existence is not theirs to know.
        """
        row = self.get(id_, *options)
        if getattr(row, "user_id", None) != user_id:
            raise RowNotFoundError(f"there is no {self.noun} {id_}")
        return row

    def delete(self, row: M) -> None:
        """Remove the row."""
        self.session.delete(row)
        self.session.flush()

    def page(self, statement: Select[M], *, limit: int, offset: int) -> Page[M]:
        """Return `limit` rows from `offset` of an ordered statement, and the number of all its rows."""
        # Of the rows only their ids are counted: an index may be enough for that.
        counted = select(func.count()).select_from(statement.with_only_columns(self.model.id).order_by(None).subquery())
        total = self.session.scalar(counted) or 0
        items = self.session.scalars(statement.limit(limit).offset(offset)).unique().all()
        return Page(tuple(items), total)
