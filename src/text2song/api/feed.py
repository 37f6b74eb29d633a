"""The fan-out of job changes: one poller of the database, any number of listeners, none of whom holds a session.

A change is encoded once, outside the event loop, and what one look at the database found reaches each listener as one
piece of bytes. Thus a thousand listeners cost a thousand writes to sockets per look, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from anyio import CapacityLimiter, to_thread

from text2song.api.listeners import Event, Listener, News, joined
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
#: Bytes of missed changes after which a listener is sent away, to come again for the rest.
_MISSED_BYTES = 1024 * 1024
#: Listeners told before other requests get their turn.
_TURN = 50

#: Said first, with the milliseconds after which a browser reconnects.
OPENING = b": listening\nretry: 1000\n\n"
KEEP_ALIVE = b": keep-alive\n\n"

R = TypeVar("R")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Missed:
    """What a listener has to be told before the news, and up to where that is all there is."""

    position: int
    data: bytes
    #: Whether there is more.
    more: bool = False


class JobFeed:
    """Hands each change of a job to every listener whose it is."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._listeners: set[Listener] = set()
        self._heard = asyncio.Event()
        #: None until somebody listens, and again when nobody has for a while.
        self._revision: int | None = None
        self._starting = asyncio.Lock()
        self._ended = False
        self._snapshots: dict[UUID, asyncio.Task[_Missed]] = {}
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
        if self._ended:
            listener.end()
        try:
            await self._catch_up(listener, actor, after)
            yield listener
        finally:
            self._listeners.discard(listener)

    def end(self) -> None:
        """End every stream, also those that are still to come; the browser reconnects when the studio is back."""
        self._ended = True
        for listener in self._listeners:
            listener.end()

    async def _catch_up(self, listener: Listener, actor: Actor, after: int | None) -> None:
        try:
            # The poller begins before what is read here: what changes in between is the poller's to tell.
            await self._told()
            if after is None:
                missed = await self._snapshot(actor)
            else:
                async with self._reading:
                    missed = await self._read(_missed, self._studio, actor, after)
        except UnavailableError as error:
            # The browser tries again in a second.
            log.warning("a listener could not be brought up to date", error=error.message)
            listener.end()
            return
        listener.caught_up(missed.position, missed.data)
        if missed.more:
            listener.end()

    async def _told(self) -> int:
        """Return the position up to which everybody was told; the present one when nobody has listened."""
        async with self._starting:
            if self._revision is None:
                self._revision = await self._read(feed_position, self._studio)
            return self._revision

    async def _snapshot(self, actor: Actor) -> _Missed:
        """Return the position of the feed and the actor's active jobs; who asks while one waits its turn shares it."""
        task = self._snapshots.get(actor.user_id)
        if task is None:
            task = self._snapshots[actor.user_id] = asyncio.create_task(self._read_snapshot(actor))
        return await asyncio.shield(task)

    async def _read_snapshot(self, actor: Actor) -> _Missed:
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
            except Exception:
                # Whatever it is, without this task nobody would hear of anything again.
                log.exception("the change feed failed")
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _look(self) -> None:
        told = await self._told()
        events = await self._read(_changes, self._studio, told)
        if not events:
            return
        news = News(events)
        self._revision = max(told, news.last)
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


def _active(studio: Studio, actor: Actor) -> _Missed:
    revision, jobs = active_jobs(studio, actor)
    # Where nothing is active, the position alone (an event without data is none, but its id counts: HTML, 9.2.6): who
    # loses the connection then hears of what began and ended meanwhile.
    return _Missed(revision, joined(encoded(jobs)) or f"id: {revision}\n\n".encode())


def _missed(studio: Studio, actor: Actor, after: int) -> _Missed:
    active = _active(studio, actor)
    if after > active.position:
        # A position of another database, or of this one before it was restored.
        return active
    missed: list[Event] = []
    size = 0
    while events := encoded(changes_after(studio, after, actor.user_id)):
        after = events[-1].revision
        missed += events
        size += sum(len(event.data) for event in events)
        if size > _MISSED_BYTES:
            return _Missed(after, joined(missed), more=True)
    return _Missed(after, joined(missed))
