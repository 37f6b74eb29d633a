"""The fan-out: every change once, in order, to those whose it is; slow listeners cut off, nothing read for nobody."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event
from tests.services.fakes import make_studio

from text2song.api import feed as feeds
from text2song.api import listeners
from text2song.api.feed import KEEP_ALIVE, OPENING, JobFeed
from text2song.api.listeners import Listener
from text2song.domain.errors import UnavailableError
from text2song.domain.identity import LOCAL_OWNER, Actor
from text2song.domain.ids import uuid7
from text2song.domain.request import CompositionRequest
from text2song.services import jobs as service
from text2song.services.jobs import cancel_job, changes_after, feed_position
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.views import JobView

STRANGER = replace(LOCAL_OWNER, user_id=uuid7())


def order(studio: Studio) -> UUID:
    return submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True).job_id


def events_of(data: bytes) -> list[tuple[int, str, str]]:
    """Position (−1 where none can be resumed from), job and status of every event."""
    found = []
    for block in data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields.get("event") == "job":
            told = json.loads(fields["data"])
            found.append((int(fields.get("id", -1)), told["job_id"], told["status"]))
    return found


async def take(
    feed: JobFeed, count: int, after: int | None = None, actor: Actor = LOCAL_OWNER, seconds: float = 10
) -> list[tuple[int, str, str]]:
    """Return the first `count` changes, or what came in `seconds`."""
    heard = b""
    async with feed.listening(actor, after) as listener:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(events_of(heard)) < count and (data := await listener.next()):
                    heard += data
    assert heard.startswith(OPENING)
    return events_of(heard)


def test_changes_come_once_and_in_order(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            job = await asyncio.to_thread(order, studio)
            listening = asyncio.create_task(take(feed, 3))
            await asyncio.sleep(0.5)
            other = await asyncio.to_thread(order, studio)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(cancel_job, studio, LOCAL_OWNER, job)
            heard = await listening
            told = [(name, status) for _, name, status in heard]
            assert told == [(str(job), "QUEUED"), (str(other), "QUEUED"), (str(job), "CANCELLED")]
            revisions = [revision for revision, _, _ in heard]
            assert revisions == sorted(set(revisions))
            # Resumed in the middle: what was missed, as it is now.
            again = [(name, status) for _, name, status in await take(feed, 2, after=revisions[0])]
            assert again == [(str(other), "QUEUED"), (str(job), "CANCELLED")]

    asyncio.run(scene())
    studio.close()


def test_nobody_hears_of_anothers_jobs(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            await asyncio.to_thread(order, studio)
            fresh = asyncio.create_task(take(feed, 1, actor=STRANGER, seconds=1))
            resumed = asyncio.create_task(take(feed, 1, after=0, actor=STRANGER, seconds=1))
            mine = asyncio.create_task(take(feed, 2))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(order, studio)
            assert [await fresh, await resumed] == [[], []]
            assert len(await mine) == 2

    asyncio.run(scene())
    studio.close()


def test_position_of_another_database_starts_afresh(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    job = order(studio)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            far = feed_position(studio) + 10**9
            listening = asyncio.create_task(take(feed, 2, after=far))
            await asyncio.sleep(0.4)
            await asyncio.to_thread(cancel_job, studio, LOCAL_OWNER, job)
            assert [status for _, _, status in await listening] == ["QUEUED", "CANCELLED"]

    asyncio.run(scene())
    studio.close()


def test_those_who_come_together_share_one_reading(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    order(studio)
    statements = []
    event.listen(studio.sessions.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            heard = await asyncio.gather(*(take(feed, 1) for _ in range(200)))
            assert all(len(one) == 1 for one in heard)
            assert feed.listeners == 0

    asyncio.run(scene())
    assert len(statements) < 40
    studio.close()


def test_nothing_is_read_for_nobody(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    statements = []
    event.listen(studio.sessions.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            await take(feed, 1, seconds=0.3)
            await asyncio.sleep(0.5)
            before = len(statements)
            await asyncio.sleep(0.7)
            assert len(statements) == before

    asyncio.run(scene())
    studio.close()


def test_silence_is_broken_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "KEEP_ALIVE_SECONDS", 0.2)
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running(), feed.listening(LOCAL_OWNER, None) as listener:
            assert (await listener.next()).startswith(OPENING)
            async with asyncio.timeout(2):
                assert await listener.next() == KEEP_ALIVE

    asyncio.run(scene())
    studio.close()


def test_end_ends_every_stream(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            streams = [asyncio.create_task(take(feed, 1)) for _ in range(3)]
            await asyncio.sleep(0.3)
            feed.end()
            async with asyncio.timeout(2):
                assert await asyncio.gather(*streams) == [[], [], []]

    asyncio.run(scene())
    studio.close()


def test_database_that_is_away_ends_new_streams_and_keeps_old_ones(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            old = asyncio.create_task(take(feed, 1))
            await asyncio.sleep(0.5)
            studio.close()
            database = tmp_path / "studio.db"
            for path in tmp_path.glob("studio.db-*"):
                path.unlink()
            kept = database.rename(tmp_path / "kept")
            database.mkdir()
            assert await take(feed, 1, seconds=5) == []
            await asyncio.sleep(0.5)
            assert not old.done()
            database.rmdir()
            kept.rename(database)
            await asyncio.to_thread(order, studio)
            assert len(await old) == 1

    asyncio.run(scene())
    studio.close()


async def heard_until(listener: Listener, status: str) -> bytes:
    """Return what comes up to a job of that status, or up to the end of the stream."""
    heard = b""
    async with asyncio.timeout(10):
        while f'"{status}"'.encode() not in heard and (data := await listener.next()):
            heard += data
    return heard


def test_nothing_is_lost_between_catching_up_and_the_first_look(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.listening(LOCAL_OWNER, None) as listener:
            # Before the poller has looked even once.
            job = await asyncio.to_thread(order, studio)
            await asyncio.to_thread(cancel_job, studio, LOCAL_OWNER, job)
            async with feed.running():
                assert b'"CANCELLED"' in await heard_until(listener, "CANCELLED")

    asyncio.run(scene())
    studio.close()


def test_poller_outlives_whatever_happens_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_PAUSE_SECONDS", 0.01)
    studio = make_studio(tmp_path)
    failures = [RuntimeError("can't start new thread"), UnavailableError("away")]

    def failing(*arguments: object) -> tuple[JobView, ...]:
        if failures:
            raise failures.pop()
        return changes_after(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(feeds, "changes_after", failing)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running(), feed.listening(LOCAL_OWNER, None) as listener:
            await asyncio.to_thread(order, studio)
            assert b'"QUEUED"' in await heard_until(listener, "QUEUED")
        assert not failures

    asyncio.run(scene())
    studio.close()


def test_listener_who_missed_much_is_told_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "_BACKLOG_BYTES", 2_000)
    monkeypatch.setattr(feeds, "_MISSED_BYTES", 3_000)
    monkeypatch.setattr(service, "_FEED_LIMIT", 3)
    studio = make_studio(tmp_path)
    jobs = [str(order(studio)) for _ in range(20)]

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            afresh = await take(feed, 20)
            assert [name for _, name, _ in afresh] == jobs
            # With an old position, as many times as the browser comes again.
            found: list[str] = []
            position, rounds = 0, 0
            while len(found) < 20:
                told = await take(feed, 20 - len(found), after=position)
                assert told, "a listener who never gets further"
                found += [name for _, name, _ in told]
                position, rounds = told[-1][0], rounds + 1
            assert found == jobs
            assert rounds > 1

    asyncio.run(scene())
    studio.close()


def test_idle_listener_knows_where_to_go_on(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    cancel_job(studio, LOCAL_OWNER, order(studio))

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            async with feed.listening(LOCAL_OWNER, None) as listener:
                told = (await listener.next()).removeprefix(OPENING).decode()
            assert told.startswith("id: ")
            position = int(told.removeprefix("id: "))
            # While it is away a job comes and goes.
            job = await asyncio.to_thread(order, studio)
            await asyncio.to_thread(cancel_job, studio, LOCAL_OWNER, job)
            again = await take(feed, 1, after=position)
            assert [(name, status) for _, name, status in again] == [(str(job), "CANCELLED")]

    asyncio.run(scene())
    studio.close()


def test_who_comes_after_the_end_is_sent_away(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            feed.end()
            async with asyncio.timeout(5), feed.listening(LOCAL_OWNER, None) as listener:
                while await listener.next():
                    pass
            assert feed.listeners == 0

    asyncio.run(scene())
    studio.close()
