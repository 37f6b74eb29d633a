"""A worker is told once that it should make room, also when the database was away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from text2song.jobs.memory import memory_queue
from text2song.jobs.relief import relieved
from text2song.jobs.roster import Roster
from text2song.storage.session import DatabaseUnavailableError


def test_a_worker_that_nobody_asks_works_on() -> None:
    told = threading.Event()
    with relieved(Roster(memory_queue()), "a:1:x", told.set, seconds=0.01) as relief:
        time.sleep(0.1)
    assert not told.is_set()
    assert not relief.asked


def test_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    roster = Roster(memory_queue())
    answers: Iterator[bool | DatabaseUnavailableError] = iter([DatabaseUnavailableError("away"), False, True, True])
    asked: list[str] = []

    def is_retiring(name: str) -> bool:
        asked.append(name)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(roster, "is_retiring", is_retiring)
    told: list[bool] = []
    with relieved(roster, "a:1:x", lambda: told.append(True), seconds=0.01) as relief:
        limit = time.monotonic() + 20
        while not told and time.monotonic() < limit:
            time.sleep(0.01)
        time.sleep(0.1)
    assert (told, relief.asked, asked) == ([True], True, ["a:1:x"] * 3)
