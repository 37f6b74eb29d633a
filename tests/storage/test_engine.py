"""SQLite is opened fit for several processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, event, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from text2song.storage import engine as engine_module
from text2song.storage.engine import WRITES, make_engine


def test_sqlite_pragmas(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert int(connection.execute(text("PRAGMA busy_timeout")).scalar() or 0) >= 10_000
    engine.dispose()


def test_writing_transactions_take_the_lock_when_they_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 10)
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    writer = engine.execution_options(**{WRITES: True})
    with writer.begin() as first:
        first.execute(text("CREATE TABLE a (b INTEGER)"))
        with engine.connect() as impatient:
            impatient.exec_driver_sql("SELECT 1")
            impatient.rollback()
            with pytest.raises(OperationalError, match="locked"):
                impatient.execution_options(**{WRITES: True}).exec_driver_sql("SELECT 1")
    engine.dispose()


def test_foreign_keys_hold(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE b (a INTEGER REFERENCES a(id))"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO b VALUES (7)"))
    engine.dispose()


def test_no_more_connections_than_allowed(database_url: str) -> None:
    engine = make_engine(database_url, most=2)
    with engine.connect(), engine.connect():
        assert (engine.pool.size(), engine.pool._max_overflow) == (2, 0)  # type: ignore[attr-defined]
    engine.dispose()


def test_json_comes_back_as_it_went_in(database_url: str) -> None:
    engine = make_engine(database_url)
    half, plain = {"text": "\ud800"}, {"a": [1, 0.1, 1e300, 10**20, None, True, "ö\n"], "b": {}}
    table = Table("x", MetaData(), Column("number", Integer), Column("value", JSON))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"number": 0, "value": half}, {"number": 1, "value": plain}])
        values = connection.scalars(select(table.c.value).order_by(table.c.number)).all()
    engine.dispose()
    assert values == [half, plain]


def test_expensive_plans_are_not_preferred(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with engine.connect() as connection:
        shown = [connection.scalar(text(f"SHOW {name}")) for name in ("random_page_cost", "jit")]
    engine.dispose()
    assert shown == ["1.1", "off"]


def test_server_is_asked_whether_it_is_there_only_where_that_is_in_doubt(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(postgres_url)
    asked: list[object] = []
    ping = engine.dialect.do_ping

    def noted(connection: Any) -> bool:
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", noted)
    own = text("SELECT pg_backend_pid()")
    with engine.connect() as connection:
        first = connection.scalar(own)
    with engine.connect() as connection:
        assert connection.scalar(own) == first
    assert asked == []
    # As after a restart of the server: its end is closed, and whoever comes next gets a new connection, not an error.
    other = make_engine(postgres_url)
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    with engine.connect() as connection:
        assert connection.scalar(own) != first
    assert len(asked) == 1
    other.dispose()
    engine.dispose()


def test_server_that_vanishes_is_noticed() -> None:
    def asked(url: str) -> dict[str, Any]:
        engine, found = make_engine(url), dict[str, Any]()

        def instead(_dialect: object, _record: object, _arguments: object, options: dict[str, Any]) -> None:
            found.update(options)
            raise InterruptedError

        event.listen(engine, "do_connect", instead)
        with pytest.raises(InterruptedError):
            engine.connect()
        return found

    options = asked("postgresql+psycopg://user@host/base")
    assert (options["keepalives_idle"], options["tcp_user_timeout"]) == (10, 25_000)
    # What the operator says counts.
    assert asked("postgresql+psycopg://user@host/base?keepalives_idle=60")["keepalives_idle"] == "60"
