"""Days add up, also when many things happen at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from tests.storage.libraries import opened

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.repositories.usage import Happened, SystemLoad, UsageRepository, Used

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    with opened(database_url) as made:
        yield made


def test_what_happened_at_once_is_all_there(queue: JobQueue) -> None:
    def happen(number: int) -> None:
        with queue.sessions.write() as session:
            happened = Happened(takes=1, plays=2, play_seconds=0.5, bytes=3_000_000_000)
            UsageRepository(session).add_up(LOCAL_OWNER_ID, DAY, happened, ["lo-fi", f"genre {number % 2}"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(happen, range(24)))
    with queue.sessions.read() as session:
        usage = UsageRepository(session)
        (row,) = usage.used(LOCAL_OWNER_ID, DAY, DAY)
        assert (row.takes, row.plays, row.play_seconds, row.bytes) == (24, 48, 12.0, 72_000_000_000)
        assert type(row.bytes) is int
        assert usage.genres(LOCAL_OWNER_ID, DAY, DAY) == {"lo-fi": 24, "genre 0": 12, "genre 1": 12}
        assert usage.looks(DAY, DAY) == ()


def test_days_are_apart_and_within_their_bounds(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        usage = UsageRepository(session)
        usage.add_up(LOCAL_OWNER_ID, NEXT, Happened(downloads=1))
        usage.add_up(LOCAL_OWNER_ID, DAY, Happened(favorites=1))
        usage.add_up(LOCAL_OWNER_ID, DAY, Happened(favorites=-1))
        usage.add_up(UUID(int=9), DAY, Happened(takes=5))
        both = usage.used(LOCAL_OWNER_ID, DAY, NEXT)
        assert [(row.day, row.downloads, row.favorites) for row in both] == [(DAY, 0, 0), (NEXT, 1, 0)]
        assert usage.used(LOCAL_OWNER_ID, NEXT, NEXT) == both[1:]


def test_all_users_are_added_up_and_the_machines_left_out(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        usage = UsageRepository(session)
        usage.add_up(LOCAL_OWNER_ID, DAY, Happened(takes=1, bytes=2**40, plays=1), ['say "jazz"', "愛"])
        usage.add_up(UUID(int=9), DAY, Happened(takes=2, bytes=2**40, play_seconds=0.25), ["愛"])
        usage.add_up(UUID(int=9), NEXT, Happened(favorites=-1))
        usage.sample(DAY, SystemLoad(cpu=50.0, memory=20.0))
        assert usage.used(None, DAY, NEXT) == (
            Used(day=DAY, takes=3, bytes=2**41, plays=1, play_seconds=0.25),
            Used(day=NEXT, favorites=-1),
        )
        assert usage.genres(None, DAY, NEXT) == {'say "jazz"': 1, "愛": 2}
        assert usage.genres(LOCAL_OWNER_ID, NEXT, NEXT) == {}


def test_looks_at_the_machine(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        usage = UsageRepository(session)
        usage.sample(DAY, SystemLoad(cpu=50.0, memory=20.0))
        usage.sample(DAY, SystemLoad(cpu=100.0, memory=10.0, gpu=90.0))
        (row,) = usage.looks(DAY, NEXT)
        assert row.day == DAY
        assert (row.samples, row.cpu_sum, row.cpu_max) == (2, 150.0, 100.0)
        assert (row.memory_sum, row.memory_max) == (30.0, 20.0)
        assert (row.gpu_samples, row.gpu_sum, row.gpu_max) == (1, 90.0, 90.0)
