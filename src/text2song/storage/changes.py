"""The numbers of changes: one growing line that a reader follows without missing any (docs/decisions/0021).

On PostgreSQL the number of a change is its transaction's own id, and a reader looks no further than the oldest
transaction that still runs: whatever commits later has a larger number. On SQLite there is one writer at a time, so the
number after the largest is safe; it is at least the clock's microseconds, so that a removed row's number never returns.
Changes of one transaction share a number; readers take all of them or none.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from text2song.storage.base import Base

Number = InstrumentedAttribute[int]


def is_postgresql(session: Session) -> bool:
    """Return whether the session speaks with PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def next_number(session: Session, model: type[Base], column: str, now: datetime) -> ColumnElement[int]:
    """Return SQL for the number of the change that the session's transaction makes to `model.column`."""
    micros = literal(microseconds(now), BigInteger)
    return numbered(model, column, micros, postgresql=is_postgresql(session))


def numbered(model: type[Base], column: str, micros: ColumnElement[int], *, postgresql: bool) -> ColumnElement[int]:
    """Return the same for a statement that is made once; `micros` is the instant's `microseconds`."""
    return _plain(func.pg_current_xact_id()) if postgresql else func.max(_after_largest(model, column), micros)


def microseconds(now: datetime) -> int:
    """Return the microseconds of an instant since 1970."""
    return round(now.timestamp() * 1e6)


def is_settled(session: Session, number: Number) -> ColumnElement[bool]:
    """Return SQL for: nothing can still be committed at or before this number."""
    return number < _horizon() if is_postgresql(session) else literal(value=True) == literal(value=True)


def last_settled(session: Session, number: Number) -> int:
    """Return the number up to which everything is visible now."""
    if is_postgresql(session):
        return (session.scalar(select(_horizon())) or 1) - 1
    return session.scalar(select(func.max(number))) or 0


@cache
def _after_largest(model: type[Base], column: str) -> ColumnElement[int]:
    other: Any = aliased(model)
    return select(func.coalesce(func.max(getattr(other, column)), 0) + 1).scalar_subquery()


@cache
def _horizon() -> ColumnElement[int]:
    return _plain(func.pg_snapshot_xmin(func.pg_current_snapshot()))


def _plain(transaction: ColumnElement[Any]) -> ColumnElement[int]:
    # The type of transaction ids has a text form only.
    return cast(cast(transaction, Text), BigInteger)
