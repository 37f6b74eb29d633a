"""One open stream: what is due to it, in order; a slow one cut off, one who missed much told all of it."""

from __future__ import annotations

import asyncio
from uuid import UUID

from text2song.api.listeners import Event, Listener, News

ME, OTHER = UUID(int=1), UUID(int=2)


def news(*revisions: int, user: UUID = ME) -> News:
    return News(tuple(Event(revision, user, f"{revision} ".encode()) for revision in revisions))


def test_slow_listener_is_cut_off() -> None:
    async def scene() -> None:
        listener = Listener(ME)
        for _ in range(100):
            listener.put(b"x" * 10_000)
        assert len(await listener.next()) <= 256 * 1024
        assert await listener.next() == b""

    asyncio.run(scene())


def test_what_was_missed_is_told_however_much_it_is() -> None:
    async def scene() -> None:
        listener = Listener(ME)
        missed = b"x" * 1_000_000
        listener.caught_up(5, missed)
        listener.tell(news(6))
        assert await listener.next() == missed + b"6 "

    asyncio.run(scene())


def test_news_wait_for_what_was_missed_and_are_not_told_twice() -> None:
    async def scene() -> None:
        listener = Listener(ME)
        listener.tell(news(4, 5, 6))
        listener.tell(news(7, user=OTHER))
        listener.tell(news(8))
        listener.caught_up(5, b"missed ")
        assert await listener.next() == b"missed 6 8 "

    asyncio.run(scene())
