"""The fan-out: every change once and in order, slow listeners cut off, nothing polled for nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.services.fakes import make_studio

from text2song.api.feed import JobFeed
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import cancel_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit


def order(studio: Studio) -> object:
    return submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True).job_id


async def take(feed: JobFeed, count: int, after: int | None = None) -> list[tuple[int, str]]:
    """Return the first `count` changes."""
    found = []
    changes = feed.changes(LOCAL_OWNER, after)
    async with asyncio.timeout(10):
        async for change in changes:
            found.append((change.revision, change.status.value))
            if len(found) == count:
                break
    await changes.aclose()  # type: ignore[attr-defined]
    return found


def test_changes_come_once_and_in_order(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running():
            job = await asyncio.to_thread(order, studio)
            listening = asyncio.create_task(take(feed, 3))
            await asyncio.sleep(0.5)
            await asyncio.to_thread(order, studio)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(cancel_job, studio, LOCAL_OWNER, job)  # type: ignore[arg-type]
            seen = await listening
            assert [status for _, status in seen] == ["QUEUED", "QUEUED", "CANCELLED"]
            first, *later = seen
            assert [number for number, _ in seen] == sorted(number for number, _ in seen)
            # Resumed in the middle: what was missed, as it is now.
            assert await take(feed, 2, after=first[0]) == later
            # Ahead of everything, as after a restored backup: the active jobs, as for a newcomer.
            assert await take(feed, 1, after=2**60) == [later[0]]

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
