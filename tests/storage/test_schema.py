"""What the migrations bring up equals the models; they run both ways, and several callers may migrate at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.storage import models
from text2song.storage.base import Base
from text2song.storage.engine import make_engine
from text2song.storage.schema import downgrade, upgrade


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


def test_migrations_equal_models(engine: Engine) -> None:
    upgrade(engine)
    check_equal_to_models(engine)
    assert models.Job.__tablename__ in Base.metadata.tables


def check_equal_to_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_every_migration_can_be_undone_and_done_again(engine: Engine) -> None:
    upgrade(engine)
    steps = 0
    while downgrade(engine):
        steps += 1
    assert steps >= 2
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    check_equal_to_models(engine)


def test_processes_may_upgrade_at_once(database_url: str, engine: Engine) -> None:
    script = (
        "import sys; from text2song.storage.engine import make_engine; from text2song.storage.schema import upgrade\n"
        "upgrade(make_engine(sys.argv[1]))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, database_url]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    check_equal_to_models(engine)


def test_songs_from_before_accounts_belong_to_the_owner(engine: Engine) -> None:
    upgrade(engine)
    while "users" in inspect(engine).get_table_names():
        assert downgrade(engine)
    key = uuid4()
    insert = "INSERT INTO prompts (id, created_at, text, request) VALUES (:id, '2026-01-01 00:00:00', 'x', '{}')"
    with engine.execution_options(text2song_writes=True).begin() as connection:
        connection.execute(text(insert), {"id": key.hex})
    upgrade(engine)
    with Session(engine) as session:
        prompt = session.get(models.Prompt, key)
        assert prompt is not None
        assert (prompt.text, prompt.user_id) == ("x", LOCAL_OWNER_ID)
