"""Work that costs memory, such as hashing a password: a few at a time, so that sign-ins cannot fill the machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from text2song.domain.errors import UnavailableError

T = TypeVar("T")

#: Requests that may wait for their turn.
_QUEUE = 64


class TooBusyError(UnavailableError):
    """More people sign in at this moment than can be served."""

    slug = "too-busy"


class Hashing:
    """Runs slow calls in threads, at most as many at once as half the processors; the others' threads stay free."""

    def __init__(self, parallel: int | None = None) -> None:
        parallel = parallel or max(1, (os.cpu_count() or 2) // 2)
        self._limiter = CapacityLimiter(parallel)
        self._most = parallel + _QUEUE
        self._asking = 0

    async def run(self, work: Callable[..., T], *arguments: object, **named: object) -> T:
        """Return what the call returns; raises `TooBusyError` when too many wait already."""
        if self._asking >= self._most:
            raise TooBusyError("too many people are signing in at this moment; try again in a minute")
        self._asking += 1
        try:
            return await to_thread.run_sync(partial(work, *arguments, **named), limiter=self._limiter)
        finally:
            self._asking -= 1
