"""Slow work: a few at a time in threads of its own, so that whoever waits for it keeps no thread from the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from text2song.domain.errors import UnavailableError

T = TypeVar("T")

#: Requests that may wait for their turn.
_QUEUE = 64


class TooBusyError(UnavailableError):
    """More people want the same at this moment than can be served."""

    slug = "too-busy"


class Lane:
    """Runs slow calls in threads, `parallel` at once; the threads that answer requests stay free."""

    def __init__(self, parallel: int, wish: str) -> None:
        """`wish` is what people do here, in words: "are signing in"."""
        self._limiter = CapacityLimiter(parallel)
        self._most = parallel + _QUEUE
        self._asking = 0
        self._wish = wish

    async def run(self, work: Callable[..., T], *arguments: object, **named: object) -> T:
        """Return what the call returns; raises `TooBusyError` when too many wait already."""
        if self._asking >= self._most:
            raise TooBusyError(f"too many people {self._wish} at this moment; try again in a minute")
        self._asking += 1
        try:
            return await to_thread.run_sync(partial(work, *arguments, **named), limiter=self._limiter)
        finally:
            self._asking -= 1


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one process, each for what waits for another process."""

    #: Encoding, one at a time (`services/previews.py`).
    previews: Lane = field(default_factory=lambda: Lane(1, "want a preview"))
    #: Files of strangers, two of which are looked into at a time (`services/decoding.py`) while others are stored.
    files: Lane = field(default_factory=lambda: Lane(4, "send files"))
