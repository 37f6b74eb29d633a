"""Transactions: the only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from text2song.domain.errors import NotFoundError, UnavailableError
from text2song.storage.engine import WRITES, has_one_writer

# What a statement of ours can be wrong about; everything else is the database's own trouble.
_OURS = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


#: How SQLite and PostgreSQL say that there is no room left.
_FULL = ("database or disk is full", "No space left on device")
_LOCKED = "database is locked"
#: Where a session keeps the calls of `after_commit`.
_AFTER = "text2song_after_commit"
#: Seconds that a writer waits for its turn.
_TURN_SECONDS = 15.0

log = structlog.get_logger(__name__)


class DatabaseUnavailableError(UnavailableError):
    """The database cannot be reached, is locked for too long, or has no room left."""

    slug = "database-unavailable"


class GoneError(NotFoundError):
    """What was to be changed was removed in the meantime."""

    slug = "not-found"


class Sessions:
    """Opens sessions: one transaction each, committed at the edge or not at all."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        # SQLite has one writer at a time: threads that wait for each other here need not ask the file again and again.
        self._turn = threading.RLock() if has_one_writer(engine) else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session whose changes are committed when the block ends and undone when it raises.

        Raises `DatabaseUnavailableError` when the database fails, and `GoneError` when a row that was read and changed
        in the block is no longer there.
        """
        with self._in_turn(), self._open(self._writer) as session:
            yield session
            session.commit()
            calls = session.info.pop(_AFTER, ())
        for call in calls:
            call()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise DatabaseUnavailableError("the database is locked by other writers; try again")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and changes nothing."""
        with self._open(self.engine) as session:
            yield session

    @contextmanager
    def _open(self, engine: Engine) -> Iterator[Session]:
        try:
            # Closing rolls back whatever was not committed, which a database that has just gone refuses as well.
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except DBAPIError as error:
            if isinstance(error, _OURS):
                raise
            raise DatabaseUnavailableError(_sentence(error)) from error
        except StaleDataError as error:
            raise GoneError("what was to be changed has just been removed") from error
        except PoolTimeoutError as error:
            raise DatabaseUnavailableError("the database has no connection free; try again") from error


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have `call` made once the transaction of a `Sessions.write` block is committed; never when it is not."""
    session.info.setdefault(_AFTER, []).append(call)


def _sentence(error: DBAPIError) -> str:
    reason = str(error.orig).strip().splitlines() or ["no reason given"]
    if any(sign in reason[0] for sign in _FULL):
        return "the disk of the database is full; free some room and try again"
    if _LOCKED in reason[0]:
        return "the database is locked by other writers; try again"
    # Addresses and users of a database are for the log, not for whoever asks.
    log.warning("the database failed", reason=reason[0][:300])
    return "the database does not answer as it should; try again in a while"
