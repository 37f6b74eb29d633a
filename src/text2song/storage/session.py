"""Transactions: the only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.orm import Session

from text2song.domain.errors import UnavailableError
from text2song.storage.engine import WRITES

# What a statement of ours can be wrong about; everything else is the database's own trouble.
_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


class DatabaseUnavailableError(UnavailableError):
    """The database cannot be reached, is locked for too long, or has no room left."""

    slug = "database-unavailable"


class Sessions:
    """Opens sessions: one transaction each, committed at the edge or not at all."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITES: True})

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose changes are committed when the block ends and undone when it raises.

        Raises `DatabaseUnavailableError` when the database fails.
        """
        with self._open(self._writer) as session:
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and changes nothing."""
        with self._open(self.engine) as session:
            yield session

    @contextmanager
    def _open(self, engine: Engine) -> Iterator[Session]:
        # Closing rolls back whatever was not committed.
        with Session(engine, expire_on_commit=False) as session:
            try:
                yield session
            except DatabaseError as error:
                if isinstance(error, _OURS):
                    raise
                raise DatabaseUnavailableError(f"the database failed: {error.orig}") from error
