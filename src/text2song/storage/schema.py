"""Brings a database to the present schema: Alembic, driven from code, its migrations inside the package."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError

from text2song.storage.engine import WRITES
from text2song.storage.session import DatabaseUnavailableError

# Alembic announces its dialect at every start, which says nothing to an operator.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

_MIGRATIONS = Path(__file__).parent / "migrations"
#: The advisory lock of migrations on PostgreSQL; any number that nothing else of ours uses.
_LOCK = 0x7432736D


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database has not seen; two processes may call this at once.

    The whole upgrade is one writing transaction, so the second caller waits and finds nothing left to do.
    Raises `DatabaseUnavailableError`.
    """
    with _migrating(engine) as config:
        command.upgrade(config, "head")


def downgrade(engine: Engine) -> bool:
    """Undo the latest migration; False when none was left to undo. Raises `DatabaseUnavailableError`."""
    with _migrating(engine) as config:
        if MigrationContext.configure(config.attributes["connection"]).get_current_revision() is None:
            return False
        command.downgrade(config, "-1")
        return True


def is_current(engine: Engine) -> bool:
    """Return whether the database has seen exactly this version's migrations; raises `DatabaseUnavailableError`."""
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_heads()
    except DatabaseError as error:
        raise _unopened(error) from error
    return set(present) == set(ScriptDirectory(str(_MIGRATIONS)).get_heads())


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    """Yield Alembic's configuration on a connection that no other migration shares the database with."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            if connection.dialect.name == "postgresql":
                # SQLite's write lock keeps others out; here a lock of our own does, until the transaction ends.
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            config.attributes["connection"] = connection
            yield config
    except DatabaseError as error:
        raise _unopened(error) from error


def _unopened(error: DatabaseError) -> DatabaseUnavailableError:
    """Say why in one line, for whoever starts the studio; drivers go on with advice."""
    reason = str(error.orig).strip().partition("\n")[0]
    return DatabaseUnavailableError(f"the database cannot be opened: {reason}")
