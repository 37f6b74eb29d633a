"""How a worker learns that it should make room for a successor: its row in the roster says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from text2song.jobs.roster import Roster

_LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass
class Relief:
    """Whether the worker was asked."""

    asked: bool = False


@contextmanager
def relieved(
    roster: Roster, name: str, retire: Callable[[], None], *, seconds: float = _LOOK_SECONDS
) -> Iterator[Relief]:
    """Call `retire` once, from a thread of its own, when the worker of that name is asked to end."""
    relief = Relief()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(seconds):
            try:
                relief.asked = roster.is_retiring(name)
            except Exception as error:  # noqa: BLE001 - without this thread nobody could ask again
                # A database that is away asks nothing of anyone.
                log.info("nobody knows whether the worker should go", error=str(error))
                continue
            if relief.asked:
                retire()
                return

    thread = threading.Thread(target=watch, name="relief", daemon=True)
    thread.start()
    try:
        yield relief
    finally:
        ended.set()
        thread.join()
