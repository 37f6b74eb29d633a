"""What the migrations bring up equals the models; they run both ways, and several callers may migrate at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session
from tests.storage.libraries import START, shelf

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage import models
from text2song.storage.base import Base
from text2song.storage.engine import make_engine
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.search import SearchRepository
from text2song.storage.repositories.usage import UsageRepository
from text2song.storage.schema import downgrade, upgrade
from text2song.storage.searching import FTS_TABLE
from text2song.storage.session import Sessions
from text2song.storage.terms import parsed


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
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": compared})
        assert compare_metadata(context, Base.metadata) == []
    tables = {name for name in inspect(engine).get_table_names() if not name.startswith(FTS_TABLE)}
    assert tables == {*Base.metadata.tables, "alembic_version"}


def compared(item: object, name: str | None, *_rest: object) -> bool:
    """The index of SQLite is tables of its own, and that of PostgreSQL is there alone: test_search searches both."""
    return not (name or "").startswith((FTS_TABLE, "ix_compositions_search"))


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
    processes = [subprocess.Popen([sys.executable, "-c", script, database_url]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
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


def test_marks_from_before_the_lists_say_of_which_song(engine: Engine) -> None:
    upgrade(engine)
    queue = JobQueue(Sessions(engine), lease_seconds=10)
    with shelf(queue) as filled:
        song = filled.song("Night Drive")
        FavoriteRepository(filled.session).mark(song.id, filled.take(song, number=2).id, None)
    while "owner_id" in {column["name"] for column in inspect(engine).get_columns("favorites")}:
        assert downgrade(engine)
    upgrade(engine)
    with queue.sessions.read() as session:
        (mark,) = session.scalars(select(models.Favorite))
        assert (mark.user_id, mark.composition_id, mark.owner_id) == (song.id, song.id, LOCAL_OWNER_ID)


def test_songs_from_before_the_library_are_found_and_added_up(engine: Engine) -> None:
    upgrade(engine)
    queue = JobQueue(Sessions(engine), lease_seconds=10)
    with shelf(queue) as filled:
        song = filled.song("Night Drive")
        filled.take(song, number=2)
    while "usage_days" in inspect(engine).get_table_names():
        assert downgrade(engine)
    upgrade(engine)
    with queue.sessions.read() as session:
        assert SearchRepository(session).ranked(parsed("night"), Audience(LOCAL_OWNER_ID), 5) == (song.id,)
        usage, span = UsageRepository(session), (START.date(), START.date())
        (day,) = usage.used(LOCAL_OWNER_ID, *span)
        assert (day.takes, day.generation_seconds, day.audio_seconds, day.realtime_factors) == (2, 12.0, 120.0, 20.0)
        assert (day.bytes, day.plays, usage.genres(LOCAL_OWNER_ID, *span)) == (2000, 0, {"lo-fi": 2})
