"""The fan-out of job changes: one poller of the database, any number of listeners, none of whom holds a session.

A change is encoded once, outside the event loop, and what one look at the database found reaches each listener as one
piece of bytes. Thus a thousand listeners cost a thousand writes to sockets per look, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar
from uuid import UUID

import structlog
from anyio import CapacityLimiter, to_thread

from text2song.api.schemas.jobs import JobOut
from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor
from text2song.services.jobs import active_jobs, changes_after, feed_position
from text2song.services.studio import Studio
from text2song.services.views import JobView

#: Seconds between two looks at the change feed while someone listens, and after one that failed.
_POLL_SECONDS = 0.2
_PAUSE_SECONDS = 1.0
#: Seconds between two words to listeners to whom nothing happens, so that no proxy takes the stream for dead.
KEEP_ALIVE_SECONDS = 15.0
#: Bytes that a slow listener may fall behind before it is cut off; the browser reconnects and resumes.
_BACKLOG_BYTES = 256 * 1024
#: Listeners told before other requests get their turn.
_TURN = 50

#: Said first, with the milliseconds after which a browser reconnects.
OPENING = b": listening\nretry: 1000\n\n"
KEEP_ALIVE = b": keep-alive\n\n"

R = TypeVar("R")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """One state of one job as it goes over the wire, and whose it is."""

    revision: int
    user_id: UUID | None
    data: bytes


@dataclass(frozen=True)
class _News:
    """What one look found, in order."""

    events: tuple[Event, ...]

    @property
    def last(self) -> int:
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
        self._waiting: list[_News] = []
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

    def tell(self, news: _News) -> None:
        """Hand over what of the news is the listener's."""
        if self._position is None:
            self._waiting.append(news)
        elif due := news.after(self._position, self.user_id):
            self.put(due)

    def caught_up(self, position: int, missed: bytes) -> None:
        """Hand over what was missed up to `position`, and what came since."""
        if missed:
            self.put(missed)
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


class JobFeed:
    """Hands each change of a job to every listener whose it is."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._listeners: set[Listener] = set()
        self._heard = asyncio.Event()
        #: None until somebody listens, and again when nobody has for a while.
        self._revision: int | None = None
        self._snapshots: dict[UUID, asyncio.Task[tuple[int, bytes]]] = {}
        # Two threads of its own: it waits not for the endpoints' threads and takes none of them.
        self._threads = CapacityLimiter(2)
        #: Listeners are brought up to date one after another, so that the poller always finds a thread.
        self._reading = asyncio.Lock()

    @property
    def listeners(self) -> int:
        """Number of open streams."""
        return len(self._listeners)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Poll while the block lasts."""
        tasks = [asyncio.create_task(self._poll()), asyncio.create_task(self._keep_alive())]
        try:
            yield
        finally:
            self.end()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    @asynccontextmanager
    async def listening(self, actor: Actor, after: int | None) -> AsyncIterator[Listener]:
        """Yield a listener to the actor's jobs.

        It is told the changes after revision `after` first, or the active jobs when that is None or no revision of
        this database, then every change.
        """
        listener = Listener(actor.user_id)
        listener.put(OPENING)
        # Listen first, read then: what changes in between is told twice rather than never.
        self._listeners.add(listener)
        self._heard.set()
        try:
            await self._catch_up(listener, actor, after)
            yield listener
        finally:
            self._listeners.discard(listener)

    def end(self) -> None:
        """End every stream; the browser reconnects when the studio is back."""
        for listener in self._listeners:
            listener.end()

    async def _catch_up(self, listener: Listener, actor: Actor, after: int | None) -> None:
        try:
            if after is None:
                position, missed = await self._snapshot(actor)
            else:
                async with self._reading:
                    position, missed = await self._read(_missed, self._studio, actor, after)
        except UnavailableError as error:
            # The browser tries again in a second.
            log.warning("a listener could not be brought up to date", error=error.message)
            listener.end()
            return
        listener.caught_up(position, missed)

    async def _snapshot(self, actor: Actor) -> tuple[int, bytes]:
        """Return the position of the feed and the actor's active jobs; who asks while one waits its turn shares it."""
        task = self._snapshots.get(actor.user_id)
        if task is None:
            task = self._snapshots[actor.user_id] = asyncio.create_task(self._read_snapshot(actor))
        return await asyncio.shield(task)

    async def _read_snapshot(self, actor: Actor) -> tuple[int, bytes]:
        try:
            async with self._reading:
                # Whoever comes from now on needs a later one.
                self._snapshots.pop(actor.user_id, None)
                return await self._read(_active, self._studio, actor)
        finally:
            if self._snapshots.get(actor.user_id) is asyncio.current_task():
                del self._snapshots[actor.user_id]

    async def _poll(self) -> None:
        while True:
            await self._heard.wait()
            if not self._listeners:
                self._heard.clear()
                self._revision = None
                continue
            try:
                await self._look()
                await asyncio.sleep(_POLL_SECONDS)
            except UnavailableError as error:
                log.warning("the change feed cannot be read", error=error.message)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _look(self) -> None:
        if self._revision is None:
            self._revision = await self._read(feed_position, self._studio)
        events = await self._read(_changes, self._studio, self._revision)
        if not events:
            return
        news = _News(events)
        self._revision = max(self._revision, news.last)
        for number, listener in enumerate(tuple(self._listeners), 1):
            listener.tell(news)
            if number % _TURN == 0:
                await asyncio.sleep(0)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            for number, listener in enumerate(tuple(self._listeners), 1):
                listener.put(KEEP_ALIVE)
                if number % _TURN == 0:
                    await asyncio.sleep(0)

    async def _read(self, function: Callable[..., R], *arguments: object) -> R:
        return await to_thread.run_sync(partial(function, *arguments), limiter=self._threads)


def joined(events: Iterable[Event]) -> bytes:
    """Return events as they go over the wire together."""
    return b"".join(event.data for event in events)


def encoded(jobs: Sequence[JobView]) -> tuple[Event, ...]:
    """Return the events that tell these states."""
    return tuple(Event(job.revision, job.user_id, _bytes(job)) for job in jobs)


def _bytes(job: JobView) -> bytes:
    data = JobOut.model_validate(job).model_dump_json()
    # Only an event after which a listener can go on has an id.
    position = "" if job.resume is None else f"id: {job.resume}\n"
    return f"event: job\ndata: {data}\n{position}\n".encode()


def _changes(studio: Studio, revision: int) -> tuple[Event, ...]:
    return encoded(changes_after(studio, revision))


def _active(studio: Studio, actor: Actor) -> tuple[int, bytes]:
    revision, jobs = active_jobs(studio, actor)
    return revision, joined(encoded(jobs))


def _missed(studio: Studio, actor: Actor, after: int) -> tuple[int, bytes]:
    position, active = _active(studio, actor)
    if after > position:
        # A position of another database, or of this one before it was restored.
        return position, active
    missed: list[Event] = []
    while events := encoded(changes_after(studio, after, actor.user_id)):
        after = events[-1].revision
        missed += events
    return after, joined(missed)
