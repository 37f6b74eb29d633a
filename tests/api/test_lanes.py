"""Slow work keeps no thread from those that answer requests."""

from __future__ import annotations

import asyncio
import threading

import pytest
from anyio import to_thread

from text2song.api import lanes
from text2song.api.lanes import Lane, TooBusyError


def test_threads_of_the_others_stay_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_QUEUE", 3)
    go = threading.Event()

    async def scene() -> None:
        to_thread.current_default_thread_limiter().total_tokens = 1
        lane = Lane(1, "wait")
        asked = [asyncio.create_task(lane.run(go.wait, 10)) for _ in range(4)]
        while lane._limiter.borrowed_tokens == 0:
            await asyncio.sleep(0)
        with pytest.raises(TooBusyError, match="too many people wait"):
            await lane.run(go.wait, 10)
        async with asyncio.timeout(5):
            assert await to_thread.run_sync(lambda: 1) == 1
        go.set()
        assert await asyncio.gather(*asked) == [True] * 4
        # Whoever is done makes room.
        assert await lane.run(go.wait, 10)

    asyncio.run(scene())
