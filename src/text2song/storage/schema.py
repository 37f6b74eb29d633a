"""Brings a database to the present schema: Alembic, driven from code, its migrations inside the package."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from text2song.storage.engine import WRITES
from text2song.storage.session import DatabaseUnavailableError

# Alembic announces its dialect at every start, which says nothing to an operator.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database has not seen; two processes may call this at once.

    The whole upgrade is one writing transaction, so the second caller waits and finds nothing left to do.
    Raises `DatabaseUnavailableError`.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        raise DatabaseUnavailableError(f"the database cannot be opened: {error.orig}") from error
