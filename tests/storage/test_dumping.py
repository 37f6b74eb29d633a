"""Rows go out as lines and come back as they were, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from sqlalchemy import Engine, Table, func, select
from sqlalchemy.exc import IntegrityError

from text2song.storage.dumping import Snapshot, count, load, revision, snapshot_of, tables
from text2song.storage.engine import make_engine
from text2song.storage.models import User
from text2song.storage.schema import upgrade


@pytest.fixture
def engine(database_url: str) -> Iterable[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    yield made
    made.dispose()


def dumped(engine: Engine) -> dict[str, list[bytes]]:
    with snapshot_of(engine) as connection:
        return {table.name: list(Snapshot(connection).lines(table)) for table in tables()}


def test_what_goes_out_comes_back(engine: Engine) -> None:
    before = dumped(engine)
    (owner,) = map(json.loads, before["users"])
    assert owner["name"] == "Owner"
    assert owner["created_at"].endswith("+00:00")
    counts = load(engine, lambda table: before[table.name])
    assert counts["users"] == 1
    assert dumped(engine) == before
    with engine.connect() as connection:
        assert count(connection) == counts


def test_all_or_nothing(engine: Engine) -> None:
    before = dumped(engine)

    def twice(table: Table) -> list[bytes]:
        return before[table.name] * (2 if table.name == "users" else 1)

    with pytest.raises(IntegrityError):
        load(engine, twice)
    assert dumped(engine) == before


def test_a_snapshot_does_not_move(engine: Engine) -> None:
    with snapshot_of(engine) as connection:
        snapshot = Snapshot(connection)
        users = User.__table__
        assert isinstance(users, Table)
        first = list(snapshot.lines(users))
        with engine.execution_options(text2song_writes=True).begin() as writer:
            writer.execute(users.update().values(name="Renamed"))
        assert list(snapshot.lines(users)) == first
    with engine.connect() as connection:
        assert connection.execute(select(func.min(users.c.name))).scalar() == "Renamed"


def test_the_revision_is_the_latest(engine: Engine) -> None:
    assert str(revision(engine)).isdigit()
    assert "workers" not in {table.name for table in tables()}
