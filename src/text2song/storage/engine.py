"""The database engine: SQLite made fit for several processes, PostgreSQL as it comes."""

from __future__ import annotations

import json
import selectors
import sqlite3
import time
from functools import partial
from typing import Any

from pydantic_core import from_json
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import StaticPool

from text2song.domain.errors import InvalidError

#: Execution option of connections that will write.
WRITES = "text2song_writes"

#: Connections of one process: every thread that answers requests may have one, and these stay open.
MOST_CONNECTIONS = 48
_KEPT_CONNECTIONS = 8
_BUSY_MILLISECONDS = 15_000
#: Seconds between two tries for the write lock.
_LOCK_SECONDS = 0.001
_CONNECT_SECONDS = 5


class DatabaseUrlError(InvalidError):
    """The database setting is not the URL of a database that can be used here."""

    slug = "database-url"


def _loads(text: str | bytes) -> Any:
    """Read JSON two to three times as fast as the standard library; lists of songs are full of it."""
    try:
        return from_json(text)
    except ValueError:
        # It refuses half of a surrogate pair, which the standard library lets pass.
        return json.loads(text)


def make_engine(url: str, *, most: int = MOST_CONNECTIONS) -> Engine:
    """Return an engine of at most `most` connections for an SQLAlchemy URL; raises `DatabaseUrlError`.

    SQLite runs in WAL mode, so readers never wait for the writer, and takes the write lock when a writing transaction
    begins (`BEGIN IMMEDIATE`), so two writers queue instead of failing half way.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        remote = _created(parsed, connect_args=_remote(parsed), **_pool(most))
        event.listen(remote, "checkout", partial(_doubt, remote.dialect))
        return remote
    in_memory = parsed.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else _pool(most)
    engine = _created(parsed, connect_args={"check_same_thread": False}, **options)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _parsed(url: str) -> URL:
    """Return a URL with the driver that we use; raises `DatabaseUrlError`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError("the database setting is not a URL", field="database_url") from None
    # The short forms that people and hosting services write.
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        message = f"the database is sqlite:///FILE or postgresql://HOST/NAME, not {parsed.get_backend_name()}"
        raise DatabaseUrlError(message, field="database_url")
    return parsed


def _created(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(url, json_deserializer=_loads, **options)
    except ModuleNotFoundError as error:
        message = f"a PostgreSQL database needs the extra “server” ({error.name} is missing)"
        raise DatabaseUrlError(message, field="database_url") from error
    except ArgumentError:
        message = f"there is no database driver {url.drivername}; leave it out"
        raise DatabaseUrlError(message, field="database_url") from None


def has_one_writer(engine: Engine) -> bool:
    """Return whether one transaction at a time may write, over connections that several threads may have."""
    return engine.dialect.name == "sqlite" and not isinstance(engine.pool, StaticPool)


def _remote(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "postgresql":
        return {}
    # A transaction left half way, as by a process that was frozen inside it, holds its locks and up the change feed:
    # ours are milliseconds long. Short queries gain nothing by compilation, and pages that are in memory or on flash
    # cost about the same in any order: without that, a search for a frequent word reads every song.
    given = url.query.get("options", "")
    given = given if isinstance(given, str) else " ".join(given)
    # A server whose machine has vanished is noticed within half a minute, not after the two hours of the system: so
    # long whoever waits for its answer, or for its notifications, would wait.
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
    options = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=15s -c jit=off -c random_page_cost=1.1"
    ours = {"connect_timeout": _CONNECT_SECONDS, **alive, "options": f"{options} {given}".strip()}
    return {name: value for name, value in ours.items() if name == "options" or name not in url.query}


def _pool(most: int) -> dict[str, Any]:
    kept = min(_KEPT_CONNECTIONS, most)
    return {"pool_size": kept, "max_overflow": most - kept}


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is switched off: `_begin` says BEGIN, SQLAlchemy says COMMIT.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL cannot corrupt the file; it may lose the last commits when the machine loses power.
    cursor.execute("PRAGMA synchronous = NORMAL")
    # 16 MiB: a checkpoint waits for the disk, and one job's life touches some forty pages.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    # The database's own way to wait doubles its pauses, up to 100 ms, for a lock that is held for one or two.
    limit = time.monotonic() + _BUSY_MILLISECONDS / 1000
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while not _locked(connection, last=time.monotonic() > limit):
            time.sleep(_LOCK_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")


def _locked(connection: Connection, *, last: bool) -> bool:
    """Return whether the lock was to be had; the `last` time, raise when it was not."""
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        if last or not busy:
            raise
        return False
    return True


def _doubt(dialect: Dialect, connection: Any, _record: object, _proxy: object) -> None:
    """Ask the server whether it is still there, but only where its end of the connection has said or closed something.

    A round trip less for every transaction than asking always. Raises what has the pool open its connections anew.
    """
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            if selector.select(0):
                dialect.do_ping(connection)
    except (dialect.loaded_dbapi.Error, OSError) as error:
        raise InvalidatePoolError from error
