"""Transactions: all or nothing, writers in a queue, readers never waiting."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.storage import engine
from text2song.storage import session as session_module
from text2song.storage.engine import DatabaseUrlError, make_engine
from text2song.storage.models import Prompt
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.prompts import PromptRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import DatabaseUnavailableError, GoneError, Sessions, after_commit


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    made = make_engine(database_url)
    upgrade(made)
    yield Sessions(made)
    made.dispose()


def count(sessions: Sessions) -> int:
    with sessions.read() as session:
        return PromptRepository(session).newest(LOCAL_OWNER_ID, limit=1, offset=0).total


def add(sessions: Sessions, text: str = "x") -> None:
    with sessions.write() as session:
        PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text=text, request={"prompt": text}))


def _add_and_break(sessions: Sessions) -> None:
    with sessions.write() as session:
        PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="x", request={}))
        raise ZeroDivisionError


def test_commit_or_nothing(sessions: Sessions) -> None:
    add(sessions)
    with pytest.raises(ZeroDivisionError):
        _add_and_break(sessions)
    assert count(sessions) == 1


def test_read_sessions_change_nothing(sessions: Sessions) -> None:
    with sessions.read() as session:
        PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="x", request={}))
    assert count(sessions) == 0


def test_sixteen_writers_wait_for_each_other(sessions: Sessions) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: add(sessions, str(number)), range(64)))
    assert count(sessions) == 64


def test_writers_of_other_processes_are_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_engine(f"sqlite:///{tmp_path}/a.db")
    upgrade(made)
    sessions = Sessions(made)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.execute, ("COMMIT",)).start()
    started = time.monotonic()
    add(sessions)
    assert 0.2 < time.monotonic() - started < 10
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 300)
    with pytest.raises(DatabaseUnavailableError, match="locked"):
        add(sessions)
    other.execute("COMMIT")
    add(sessions)
    assert count(sessions) == 2
    with made.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 300
    other.close()
    made.dispose()


def test_writer_that_waits_too_long_for_another_thread_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_engine(f"sqlite:///{tmp_path}/a.db")
    upgrade(made)
    sessions = Sessions(made)
    monkeypatch.setattr(session_module, "_TURN_SECONDS", 0.2)
    with sessions.write(), ThreadPoolExecutor(1) as pool, pytest.raises(DatabaseUnavailableError, match="locked"):
        pool.submit(add, sessions).result()
    add(sessions)
    assert count(sessions) == 1
    made.dispose()


def test_readers_do_not_wait_for_a_writer(sessions: Sessions) -> None:
    held, seen = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with sessions.write() as session:
            PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="x", request={}))
            held.set()
            assert seen.wait(5)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert held.wait(5)
    assert count(sessions) == 0
    seen.set()
    writer.join()
    assert count(sessions) == 1


def test_rows_come_back_with_utc_times(sessions: Sessions) -> None:
    add(sessions)
    with sessions.read() as session:
        (row,) = PromptRepository(session).newest(LOCAL_OWNER_ID, limit=1, offset=0).items
    assert row.created_at.utcoffset() is not None
    assert row.created_at.tzinfo is not None
    with sessions.read() as session, pytest.raises(RowNotFoundError, match="no prompt"):
        PromptRepository(session).get(type(row.id)(int=0))


def test_failures_are_ours(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError):
        make_engine("not a url")
    (tmp_path / "dir.db").mkdir()
    with pytest.raises(DatabaseUnavailableError, match="unable to open"):
        upgrade(make_engine(f"sqlite:///{tmp_path}/dir.db"))


def _read_and_be_cut_off(sessions: Sessions, other: Sessions) -> None:
    with sessions.read() as session:
        process = session.scalar(text("SELECT pg_backend_pid()"))
        with other.write() as executioner:
            assert executioner.scalar(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})


def test_a_connection_that_dies_between_reading_and_closing(postgres_url: str) -> None:
    engine, other = make_engine(postgres_url), make_engine(postgres_url)
    with pytest.raises(DatabaseUnavailableError, match="does not answer"):
        _read_and_be_cut_off(Sessions(engine), Sessions(other))
    with Sessions(engine).read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    engine.dispose()
    other.dispose()


def test_full_disk_is_said_and_recovers_by_itself(tmp_path: Path) -> None:
    made = make_engine(f"sqlite:///{tmp_path}/a.db")
    upgrade(made)
    sessions = Sessions(made)
    add(sessions)
    with made.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DatabaseUnavailableError, match="disk of the database is full"):
        add(sessions, "x" * 100_000)
    assert count(sessions) == 1
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    add(sessions, "x" * 100_000)
    assert count(sessions) == 2
    made.dispose()


def test_calls_after_the_commit_are_made_then_or_never(sessions: Sessions) -> None:
    seen: list[int] = []
    with sessions.write() as session:
        PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="x", request={}))
        after_commit(session, lambda: seen.append(count(sessions)))
        assert seen == []
    assert seen == [1]
    with pytest.raises(ZeroDivisionError):
        _ask_and_break(sessions, seen)
    assert seen == [1]


def _ask_and_break(sessions: Sessions, seen: list[int]) -> None:
    with sessions.write() as session:
        after_commit(session, lambda: seen.append(0))
        raise ZeroDivisionError


def test_change_of_what_has_just_been_removed(postgres_url: str) -> None:
    # On SQLite there is one writer at a time, so nothing can be removed meanwhile.
    made = make_engine(postgres_url)
    upgrade(made)
    sessions = Sessions(made)
    with sessions.write() as session:
        prompt = PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="x", request={}))

    def change() -> None:
        with sessions.write() as session:
            row = PromptRepository(session).get(prompt.id)
            with sessions.write() as other:
                PromptRepository(other).delete(PromptRepository(other).get(prompt.id))
            row.text = "y"

    with pytest.raises(GoneError):
        change()
    made.dispose()


def test_address_of_the_database_is_not_told() -> None:
    away = Sessions(make_engine("postgresql+psycopg://somebody@127.0.0.1:1/secret"))
    with pytest.raises(DatabaseUnavailableError) as refused, away.read() as session:
        session.execute(text("SELECT 1"))
    told = refused.value.message
    assert not any(word in told for word in ("127.0.0.1", "somebody", "secret", "port"))
