"""Who hears of job changes: what is due to one open stream, and what one look at the database found for all of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

#: Bytes that a slow listener may fall behind before it is cut off; the browser reconnects and resumes.
_BACKLOG_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """One state of one job as it goes over the wire, and whose it is."""

    revision: int
    user_id: UUID | None
    data: bytes


@dataclass(frozen=True)
class News:
    """What one look found, in order."""

    events: tuple[Event, ...]

    @property
    def last(self) -> int:
        """The position after these changes."""
        return self.events[-1].revision

    @cached_property
    def whole(self) -> dict[UUID, bytes]:
        """The bytes of each user's events."""
        users = {event.user_id for event in self.events if event.user_id is not None}
        return {user: joined(event for event in self.events if event.user_id == user) for user in users}

    def after(self, revision: int, user: UUID) -> bytes:
        """Return the bytes of a user's events after a revision."""
        if revision < self.events[0].revision:
            return self.whole.get(user, b"")
        return joined(event for event in self.events if event.user_id == user and event.revision > revision)


class Listener:
    """One open stream: the bytes that are due to it."""

    def __init__(self, user_id: UUID) -> None:
        self.user_id = user_id
        # News up to here are told; None until the listener is up to date, and what comes meanwhile waits.
        self._position: int | None = None
        self._waiting: list[News] = []
        self._due: deque[bytes] = deque()
        self._bytes = 0
        self._ended = False
        self._called = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Hand over bytes; a listener that does not keep up is cut off."""
        self._bytes += len(data)
        if self._bytes > _BACKLOG_BYTES:
            self.end()
            return
        self._due.append(data)
        self._called.set()

    def tell(self, news: News) -> None:
        """Hand over what of the news is the listener's."""
        if self._position is None:
            self._waiting.append(news)
        elif due := news.after(self._position, self.user_id):
            self.put(due)

    def caught_up(self, position: int, missed: bytes) -> None:
        """Hand over what was missed up to `position`, and what came since.

        However much it is: it would be as much when the browser came again.
        """
        self._due.append(missed)
        self._called.set()
        self._position = position
        for news in self._waiting:
            self.tell(news)
        self._waiting.clear()

    def end(self) -> None:
        """End the stream after what is due."""
        self._ended = True
        self._called.set()

    async def next(self) -> bytes:
        """Wait for bytes; empty ones when the stream has ended."""
        while not self._due:
            if self._ended:
                return b""
            self._called.clear()
            await self._called.wait()
        data = b"".join(self._due)
        self._due.clear()
        self._bytes = 0
        return data


def joined(events: Iterable[Event]) -> bytes:
    """Return events as they go over the wire together."""
    return b"".join(event.data for event in events)
