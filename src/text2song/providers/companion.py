"""A companion: a copy of this process that does half of some plain Python work on another core.

Composing holds the interpreter lock, so threads do not make it faster. A copy made by fork(2) starts within some
milliseconds, has read every table that this process has, and shares its memory. It answers orders one by one and is
gone with the work. Where there is one core, where the system does not copy processes safely, and whenever a companion
falls silent, the work is done here instead: what comes out never depends on who did it.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import Generic, TypeVar

#: Seconds for which an answer is waited for, and between two looks at whether it is still wanted.
_PATIENCE, _LOOK = 20.0, 0.1

Order = TypeVar("Order")
Answer = TypeVar("Answer")


class SilentCompanionError(Exception):
    """The companion died or does not answer; never leaves this package."""


class Companion(Generic[Order, Answer]):
    """Answers lists of orders, each answer as soon as it is there."""

    def __init__(self, pid: int, line: Connection) -> None:
        self._pid = pid
        self._line = line

    def ask(self, orders: Sequence[Order]) -> None:
        """Give orders; the answers to earlier ones must have been taken."""
        try:
            self._line.send(list(orders))
        except OSError as error:
            raise SilentCompanionError from error

    def answer(self, waiting: Callable[[], None]) -> Answer:
        """Return the next answer, calling `waiting` while it is not there; raises `SilentCompanionError`."""
        for _ in range(round(_PATIENCE / _LOOK)):
            try:
                if self._line.poll(_LOOK):
                    found: Answer = self._line.recv()
                    return found
            except (EOFError, OSError) as error:
                raise SilentCompanionError from error
            waiting()
        raise SilentCompanionError

    def dismiss(self) -> None:
        """End it, whatever it does."""
        self._line.close()
        try:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            # Somebody else waited for it.
            return


@contextmanager
def companion(work: Callable[[Order], Answer]) -> Iterator[Companion[Order, Answer] | None]:
    """Give a companion that answers an order by `work`, or None where it would not help; it goes when the body does.

    Orders and answers are what pickle takes. What `work` raises ends the companion.
    """
    found = _begun(work) if _cores() > 1 and sys.platform == "linux" else None
    try:
        yield found
    finally:
        if found is not None:
            found.dismiss()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _begun(work: Callable[[Order], Answer]) -> Companion[Order, Answer] | None:
    ours, theirs = Pipe()
    try:
        with warnings.catch_warnings():
            # From 3.12 on Python warns of locks that other threads hold; the copy takes none that it did not make.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    except OSError:
        # No room for another process.
        ours.close()
        theirs.close()
        return None
    if pid == 0:
        _serve(work, theirs)
    theirs.close()
    return Companion(pid, ours)


def _serve(work: Callable[[Order], Answer], line: Connection) -> None:
    """Answer until the other end of `line` is closed; never returns."""
    try:
        # Signals and files are those of the process that was copied, and none of the copy's business.
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.closerange(3, line.fileno())
        os.closerange(line.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        while True:
            for order in line.recv():
                line.send(work(order))
    finally:
        # Nothing of the copied process is to be tidied up here.
        os._exit(0)
