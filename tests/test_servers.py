"""The servers of the tests are real: they hold data, crash and come back."""

from __future__ import annotations

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import create_engine, text
from tests.servers import PostgresServer, ValkeyServer, fresh_database, server_folder


def test_database_is_fresh_and_takes_rows(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (b INTEGER)"))
        connection.execute(text("INSERT INTO a VALUES (7)"))
        assert connection.execute(text("SELECT b FROM a")).scalar() == 7
    engine.dispose()


def test_databases_of_one_server_do_not_meet(postgres_url: str) -> None:
    with fresh_database(postgres_url) as first, fresh_database(postgres_url) as second:
        assert first != second
        engine = create_engine(first)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE a (b INTEGER)"))
        engine.dispose()
        engine = create_engine(second)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT to_regclass('a')")).scalar() is None
        engine.dispose()


def test_postgres_keeps_what_was_committed_over_a_crash() -> None:
    with server_folder() as folder:
        server = PostgresServer(folder)
        engine = create_engine(server.url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE a AS SELECT 7 AS b"))
        engine.dispose()
        server.restart()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT b FROM a")).scalar() == 7
        engine.dispose()
        server.stop()


def test_valkey_forgets_when_flushed_and_when_restarted() -> None:
    with server_folder() as folder:
        server = ValkeyServer(folder)
        client = redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0))
        client.set("a", 1)
        server.flush()
        assert client.get("a") is None
        client.set("a", 1)
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert client.get("a") is None
        client.close()
        server.stop()


def test_valkey_of_the_session(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()
