"""Every row of every table as lines of JSON, and back: the same lines on every kind of database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any
from uuid import UUID

from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Date, Engine, Table, Uuid, delete, func, insert, select

from text2song.storage.base import Base, UtcDateTime
from text2song.storage.engine import WRITES
from text2song.storage.models import Composition, search_document

#: What is true for running processes only.
_PASSING = frozenset({"workers"})
#: What each kind of database derives in its own form.
_DERIVED = MappingProxyType({"compositions": frozenset({"search"})})
_BATCH = 500


def tables() -> tuple[Table, ...]:
    """Return the tables that are dumped, those that others refer to first."""
    return tuple(table for table in Base.metadata.sorted_tables if table.name not in _PASSING)


def revision(engine: Engine) -> str | None:
    """Return the latest migration that the database has seen."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


class Snapshot:
    """All rows as they were at one moment, whoever writes meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(self, table: Table) -> Iterator[bytes]:
        """Yield each row as one line of JSON with sorted names, in the order of ids."""
        columns = _columns(table)
        found = self._connection.execution_options(yield_per=_BATCH).execute(
            select(*columns).order_by(*table.primary_key.columns)
        )
        for row in found:
            plain = {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
            yield json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def snapshot_of(engine: Engine) -> Connection:
    """Return a connection that sees one state of the database until it is closed."""
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return engine.connect().execution_options(**options)
    # In WAL mode a reading transaction sees the state of its first statement.
    return engine.connect()


def load(engine: Engine, lines: Callable[[Table], Iterable[bytes]]) -> dict[str, int]:
    """Replace the content of every table by the lines given, all of it or nothing; return the rows of each table."""
    counts: dict[str, int] = {}
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        for table in reversed(tables()):
            connection.execute(delete(table))
        for table in tables():
            counts[table.name] = 0
            rows = (_row(table, json.loads(line)) for line in lines(table))
            while batch := list(islice(rows, _BATCH)):
                connection.execute(insert(table), batch)
                counts[table.name] += len(batch)
    return counts


def count(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables()}


def _columns(table: Table) -> list[Column[Any]]:
    derived = _DERIVED.get(table.name, frozenset())
    return [column for column in table.columns if column.name not in derived]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


def _row(table: Table, plain: Mapping[str, Any]) -> dict[str, Any]:
    row = {column.name: _value(column, plain[column.name]) for column in _columns(table)}
    if table.name == Composition.__tablename__:
        row["search"] = search_document(Composition(**row))
    return row


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Uuid):
        return UUID(value)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
