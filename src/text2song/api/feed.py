"""The fan-out of job changes: one poller of the database, any number of listeners, none of whom holds a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from starlette.concurrency import run_in_threadpool

from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor
from text2song.services.jobs import active_jobs, changes_after, feed_position
from text2song.services.studio import Studio
from text2song.services.views import JobView

#: Seconds between two looks at the change feed while someone listens.
_POLL_SECONDS = 0.2
#: Changes that a slow listener may fall behind before it is cut off; the browser reconnects and resumes.
_BACKLOG = 1000

log = structlog.get_logger(__name__)


class JobFeed:
    """Hands each change of a job to every listener."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._listeners: set[asyncio.Queue[JobView | None]] = set()
        self._heard = asyncio.Event()
        self._revision = 0

    @property
    def listeners(self) -> int:
        """Number of open streams."""
        return len(self._listeners)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Poll while the block lasts."""
        task = asyncio.create_task(self._poll())
        try:
            yield
        finally:
            self.end()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def changes(self, actor: Actor, after: int | None) -> AsyncIterator[JobView]:
        """Yield the states of the actor's jobs as they change.

        Those after position `after`; the active ones first when it is None, or ahead of a database that was restored.
        """
        inbox: asyncio.Queue[JobView | None] = asyncio.Queue(_BACKLOG)
        # Listen first, read then: what changes in between arrives twice rather than never.
        await self._listen(inbox)
        try:
            seen, active = await run_in_threadpool(active_jobs, self._studio, actor)
            if after is None or after > seen:
                for job in active:
                    yield job
            else:
                seen = after
                while missed := await run_in_threadpool(changes_after, self._studio, seen, actor.user_id):
                    for job in missed:
                        yield job
                    seen = missed[-1].revision
            while (change := await inbox.get()) is not None:
                if change.user_id == actor.user_id and change.revision > seen:
                    yield change
        finally:
            self._listeners.discard(inbox)

    async def _listen(self, inbox: asyncio.Queue[JobView | None]) -> None:
        if not self._listeners:
            self._revision = await run_in_threadpool(feed_position, self._studio)
        self._listeners.add(inbox)
        self._heard.set()

    async def _poll(self) -> None:
        while True:
            await self._heard.wait()
            if not self._listeners:
                self._heard.clear()
                continue
            try:
                changes = await run_in_threadpool(changes_after, self._studio, self._revision)
            except UnavailableError as error:
                log.warning("the change feed cannot be read", error=error.message)
                changes = ()
            for change in changes:
                self._revision = max(self._revision, change.revision)
                self._tell(change)
            await asyncio.sleep(_POLL_SECONDS)

    def _tell(self, change: JobView) -> None:
        for inbox in tuple(self._listeners):
            try:
                inbox.put_nowait(change)
            except asyncio.QueueFull:
                self._listeners.discard(inbox)
                inbox.get_nowait()
                inbox.put_nowait(None)

    def end(self) -> None:
        """End every stream; the browser reconnects when the studio is back."""
        for inbox in self._listeners:
            with suppress(asyncio.QueueFull):
                inbox.put_nowait(None)
