"""The event stream as an answer: two small tasks and a few kilobytes a listener."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from text2song.api.feed import JobFeed
from text2song.api.listeners import Listener
from text2song.domain.errors import UnavailableError
from text2song.domain.identity import Actor

Holds = Callable[[], Awaitable[bool]]

#: Seconds after which a listener that takes nothing is cut off.
_STUCK_SECONDS = 30.0

log = structlog.get_logger(__name__)


async def _always() -> bool:
    return True


class EventStream(Response):
    """Sends a user's job changes until the listener goes or the feed ends.

    Starlette's own streaming answer opens a task group and a generator for each listener; a thousand of them are
    better kept small.
    """

    media_type = "text/event-stream"

    def __init__(
        self, feed: JobFeed, actor: Actor, after: int | None, holds: Holds = _always, *, status_code: int = 200
    ) -> None:
        """`holds` is asked before anything is told: whether the actor still may hear it."""
        # Proxies are told not to collect what is sent (nginx reads the second header).
        super().__init__(status_code=status_code, headers={"cache-control": "no-cache", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._feed = feed
        self._actor = actor
        self._after = after
        self._holds = holds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end."""
        del scope
        async with self._feed.listening(self._actor, self._after) as listener:
            # Said once the listener is up to date: whoever sees the stream open misses nothing from then on.
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            watching = asyncio.create_task(_end_with(receive, listener))
            try:
                while (data := await listener.next()) and await self._holds():
                    async with asyncio.timeout(_STUCK_SECONDS):
                        await send({"type": "http.response.body", "body": data, "more_body": True})
            except TimeoutError:
                return
            except UnavailableError as error:
                # Nobody can say whether the listener may hear more; the browser asks again in a second.
                log.warning("a listener was sent away", error=error.message)
            finally:
                watching.cancel()
        await send({"type": "http.response.body", "body": b""})


async def _end_with(receive: Receive, listener: Listener) -> None:
    """End the stream when the other end has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
