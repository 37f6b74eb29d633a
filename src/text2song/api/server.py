"""Serves a studio: the port, the application and one worker process beside it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from text2song.api.process import raise_file_limit, settle
from text2song.domain.errors import ConflictError, InvalidError, RefusedError
from text2song.services.studio import Studio
from text2song.services.supervision import supervise_worker

#: Connections that wait to be accepted: a thousand listeners come back at once after a restart.
_BACKLOG = 2048
#: The first of the sockets that a process is started with.
_FIRST_INHERITED = 3
#: Seconds between two looks at who is still connected.
_LOOK_SECONDS = 0.05


class PortInUseError(ConflictError):
    """Another program listens on the port."""

    slug = "port-in-use"


class AddressError(InvalidError):
    """The address is not one of this machine."""

    slug = "address"


class OpenAddressError(RefusedError):
    """The address can be reached from other machines, and a studio without accounts must not be."""

    slug = "open-address"


def bind(host: str, port: int, *, everywhere: bool = False) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Raises `PortInUseError`, `AddressError` or, for anything but loopback unless `everywhere`, `OpenAddressError`.
    """
    family, address = _resolve(host, port)
    _check_host(str(address[0]), everywhere=everywhere)
    listener = socket.socket(family)
    _send_at_once(listener)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"port {port} is in use; stop the other program or choose another port", field="port"
            ) from error
        raise AddressError(f"cannot listen on {host}:{port}: {error.strerror}", field="port") from error
    return listener


def inherited(environment: Mapping[str, str], process: int, *, everywhere: bool = False) -> socket.socket | None:
    """Return the listening socket that whoever started this process holds open for it, or None.

    The protocol is systemd's (sd_listen_fds(3)): LISTEN_FDS sockets from number 3 on, for the process of LISTEN_PID.
    A connection that arrives between one process's end and the next one's start waits in it. Raises as `bind` does.
    """
    if environment.get("LISTEN_PID") != str(process) or environment.get("LISTEN_FDS", "0") == "0":
        return None
    listener = socket.socket(fileno=_FIRST_INHERITED)
    try:
        _check_host(str(listener.getsockname()[0]), everywhere=everywhere)
    except OpenAddressError:
        listener.close()
        raise
    _send_at_once(listener)
    return listener


def serve(app: FastAPI, studio: Studio, listener: socket.socket, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address once it answers.

    A supervised worker runs beside it where the settings want one.
    """
    raise_file_limit()
    server = StudioServer(
        app, lambda: _begin(lambda: ready(address_of(listener))), drain_seconds=studio.settings.drain_seconds
    )
    supervisor = supervise_worker(studio) if studio.settings.embedded_worker else None
    try:
        server.run(sockets=[listener])
    finally:
        if supervisor is not None:
            supervisor.stop()


def _begin(ready: Callable[[], None]) -> None:
    ready()
    settle()


def address_of(listener: socket.socket) -> str:
    """Return the URL under which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class StudioServer(uvicorn.Server):
    """Uvicorn that says when it answers, and ends without cutting anybody off.

    Event streams never end by themselves, so they are ended first. After SIGTERM it accepts no more, answers what is
    under way, and tells every connection in its next answer to go elsewhere, for `drain_seconds` at most; after SIGINT
    (Ctrl-C) it waits for answers under way alone.
    """

    def __init__(self, app: FastAPI, ready: Callable[[], None], *, drain_seconds: float = 0.0) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=3,
                server_header=False,
                # Who is believed about where a request comes from is a setting: api/addresses.py.
                proxy_headers=False,
            )
        )
        self._ready = ready
        self._ending = app.state.feed.end
        self._readiness = app.state.readiness
        self._drain_seconds = drain_seconds
        self._gently = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Turn SIGINT and SIGTERM into an orderly end; uvicorn's own would raise them again, past the worker's end."""
        if threading.current_thread() is not threading.main_thread():
            # Only the main thread hears signals; whoever started this one ends it.
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note which signal it was."""
        self._gently = sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what never ends by itself, let the rest end, then shut down."""
        self._readiness.draining = True
        self._ending()
        if self._gently:
            await self._drain()
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        """Wait until every connection has closed: each does after its next answer, or when it stays idle."""
        limit = time.monotonic() + self._drain_seconds
        # Whoever is in line already is let in before the door closes.
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        while self.server_state.connections and time.monotonic() < limit:
            await asyncio.sleep(_LOOK_SECONDS)


def _send_at_once(listener: socket.socket) -> None:
    """Switch Nagle's algorithm (RFC 896) off for the connections of this socket, which inherit that.

    An answer is written twice, head and body: the second waited 40 ms for the other end's delayed acknowledgement of
    the first. asyncio would switch it off, but only where a socket was made with the protocol's number.
    """
    if listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _check_host(host: str, *, everywhere: bool) -> None:
    if not everywhere and not ipaddress.ip_address(host).is_loopback:
        message = (
            f"{host} can be reached from other machines, and this studio has no accounts; use 127.0.0.1 or mode=server"
        )
        raise OpenAddressError(message, field="host", choices=("127.0.0.1",))


def _resolve(host: str, port: int) -> tuple[int, tuple[str | int | bytes, ...]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressError(f"{host} is not an address of this machine", field="host") from error
    return family, address
