"""Has files of strangers looked into by a process that has nothing to lose (`services/decoder.py`)."""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any, BinaryIO

import structlog

from text2song.domain.errors import InvalidError, UnavailableError
from text2song.services.sniffing import Sniffed

#: Looks at one time; more wait.
_AT_ONCE = 2
#: Seconds after which a look that does not even die is given up, and for the process to get ready.
_LOOK_SECONDS, _START_SECONDS = 15.0, 120.0
#: All that the process sees of our environment: no key and no password.
_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
)

log = structlog.get_logger(__name__)


class UnreadableFileError(InvalidError):
    """The file cannot be decoded, or not within the limits."""

    slug = "unreadable-file"


class DecoderUnavailableError(UnavailableError):
    """The process that looks into files cannot be started."""

    slug = "decoder-unavailable"


class Decoder:
    """Starts the process at first use, starts it again when it died, and ends it; safe to use from many threads."""

    def __init__(self, program: str = sys.executable) -> None:
        self._program = program
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def look(self, file: BinaryIO, sniffed: Sniffed, *, listen: bool) -> dict[str, Any]:
        """Return what an open file holds, as `decoder.look` does.

        Raises `UnreadableFileError`, with the reason for the person who sent it, or `DecoderUnavailableError`.
        """
        told = self.ask(file, sniffed, listen=listen)
        if told is None:
            raise UnreadableFileError("the file cannot be decoded within the limits of memory and time", field="file")
        if "unfit" in told:
            raise UnreadableFileError(told["unfit"], field="file")
        found: dict[str, Any] = told["found"]
        return found

    def ask(self, file: BinaryIO, sniffed: Sniffed, *, listen: bool) -> dict[str, Any] | None:
        """Return all that the look told, as `decoder.answer` does; None when it died of it.

        Raises `DecoderUnavailableError`.
        """
        order = json.dumps({"family": sniffed.family.value, "listen": listen}).encode()
        file.seek(0)
        with self._turns:
            said = _read(self._order(order, file.fileno()))
        told: dict[str, Any] | None = json.loads(said) if said else None
        return told

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _order(self, order: bytes, file: int) -> int:
        """Hand over the file and return the end of the pipe on which the findings come."""
        for _ in range(2):
            reading, writing = os.pipe()
            try:
                with self._lock:
                    orders = self._orders or self._start()
                    if _taken(orders, order, [file, writing]):
                        return reading
                    log.warning("the decoder died and is started again")
                    self._end()
            except BaseException:
                os.close(reading)
                raise
            finally:
                os.close(writing)
            os.close(reading)
        raise DecoderUnavailableError("files cannot be looked into at the moment; try again in a while")

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # One thread and one arena each: the address space is limited.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [self._program, "-m", "text2song.services.decoder"],
                stdin=theirs.fileno(),
                env=environment,
                start_new_session=True,
            )
        self._orders = ours
        ours.settimeout(_START_SECONDS)
        with suppress(OSError):
            if ours.recv(1):
                # Ready, it takes an order at once; one that does not is ended and started again.
                ours.settimeout(_LOOK_SECONDS)
                return ours
        self._end()
        raise DecoderUnavailableError("the process that looks into files does not start; the log has the details")

    def _end(self) -> None:
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._orders = self._process = None


def _taken(orders: socket.socket, order: bytes, descriptors: list[int]) -> bool:
    try:
        socket.send_fds(orders, [order], descriptors)
        return bool(orders.recv(1))
    except OSError:
        return False


def _read(pipe: int) -> bytes:
    """Return all that comes until the other end is closed or the time is over."""
    pieces: list[bytes] = []
    deadline = time.monotonic() + _LOOK_SECONDS
    try:
        # Not select(2), which takes no descriptor above 1,023: a thousand listeners have those below.
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                piece = os.read(pipe, 1 << 16)
                if not piece:
                    return b"".join(pieces)
                pieces.append(piece)
    finally:
        os.close(pipe)
    return b""
