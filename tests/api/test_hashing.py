"""Slow calls run a few at a time, and those who wait do not wait in threads."""

from __future__ import annotations

import asyncio
import threading

import pytest

from text2song.api.hashing import Hashing
from text2song.api.lanes import TooBusyError


def test_so_many_at_once_and_so_many_waiting() -> None:
    running, most, lock = [0], [0], threading.Lock()
    go = threading.Event()

    def work(value: int, *, add: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        go.wait(10)
        with lock:
            running[0] -= 1
        return value + add

    async def scene() -> None:
        hashing = Hashing(parallel=2)
        tasks = [asyncio.create_task(hashing.run(work, number, add=1)) for number in range(80)]
        await asyncio.sleep(0.2)
        go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        done = [result for result in results if isinstance(result, int)]
        busy = [result for result in results if isinstance(result, TooBusyError)]
        assert done == list(range(1, 67))
        assert len(busy) == 14

    asyncio.run(scene())
    assert most[0] == 2


def test_what_goes_wrong_is_passed_on() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Hashing().run(work))
