"""The fan-out of job changes: one poller of the database, any number of listeners, none of whom holds a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from starlette.concurrency import run_in_threadpool

from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor
from text2song.services.jobs import active_jobs, changes_after
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

        Those after revision `after`, or the active ones first when it is None.
        """
        inbox: asyncio.Queue[JobView | None] = asyncio.Queue(_BACKLOG)
        missed = await self._missed(actor, inbox, after)
        try:
            seen = max((job.revision for job in missed), default=after or 0)
            for job in missed:
                yield job
            while (change := await inbox.get()) is not None:
                if change.user_id == actor.user_id and (change.revision > seen or not missed):
                    yield change
        finally:
            self._listeners.discard(inbox)

    async def _missed(
        self, actor: Actor, inbox: asyncio.Queue[JobView | None], after: int | None
    ) -> tuple[JobView, ...]:
        # Listen first, read then: what changes in between arrives twice rather than never.
        first = not self._listeners
        if first:
            revision, active = await run_in_threadpool(active_jobs, self._studio, actor)
            self._revision = revision
        self._listeners.add(inbox)
        self._heard.set()
        if after is not None:
            changes = await run_in_threadpool(changes_after, self._studio, after)
            return tuple(change for change in changes if change.user_id == actor.user_id)
        return active if first else (await run_in_threadpool(active_jobs, self._studio, actor))[1]

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
