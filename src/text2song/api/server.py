"""Serves a studio: the port, the application and one worker process beside it."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from text2song.api.process import raise_file_limit, settle
from text2song.domain.errors import ConflictError, InvalidError, RefusedError
from text2song.services.studio import Studio
from text2song.services.supervision import supervise_worker

#: Connections that wait to be accepted: a thousand listeners come back at once after a restart.
_BACKLOG = 2048


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
    if not everywhere and not ipaddress.ip_address(str(address[0])).is_loopback:
        message = (
            f"{host} can be reached from other machines, and this studio has no accounts; use 127.0.0.1 or mode=server"
        )
        raise OpenAddressError(message, field="host", choices=("127.0.0.1",))
    listener = socket.socket(family)
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


def serve(app: FastAPI, studio: Studio, listener: socket.socket, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, with one supervised worker; `ready` is told the address once it answers."""
    raise_file_limit()
    server = StudioServer(app, lambda: _begin(lambda: ready(address_of(listener))))
    supervisor = supervise_worker(studio)
    try:
        server.run(sockets=[listener])
    finally:
        supervisor.stop()


def _begin(ready: Callable[[], None]) -> None:
    ready()
    settle()


def address_of(listener: socket.socket) -> str:
    """Return the URL under which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class StudioServer(uvicorn.Server):
    """Uvicorn that says when it answers, and ends the event streams before it waits for requests to end."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what never ends by itself, then shut down."""
        self._ending()
        await super().shutdown(sockets)


def _resolve(host: str, port: int) -> tuple[int, tuple[str | int | bytes, ...]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressError(f"{host} is not an address of this machine", field="host") from error
    return family, address
