"""The event stream as an answer: its headers, its end when the listener goes or takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from tests.services.fakes import make_studio

from text2song.api import streaming
from text2song.api.feed import OPENING, JobFeed
from text2song.api.streaming import EventStream
from text2song.domain.errors import UnavailableError
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import cancel_job
from text2song.services.submissions import Options, submit

Message = MutableMapping[str, Any]


async def never() -> Message:
    await asyncio.sleep(3600)
    return {}


def test_listener_that_goes_is_let_go(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    sent: list[Message] = []

    async def scene() -> None:
        feed = JobFeed(studio)
        gone = asyncio.Event()
        told = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            first = next(told, None)
            if first is None:
                await gone.wait()
                return {"type": "http.disconnect"}
            return first

        async def send(message: Message) -> None:
            sent.append(message)

        async with feed.running():
            stream = asyncio.create_task(EventStream(feed, LOCAL_OWNER, None)({"type": "http"}, receive, send))
            await asyncio.sleep(0.3)
            assert feed.listeners == 1
            gone.set()
            async with asyncio.timeout(2):
                await stream
            assert feed.listeners == 0

    asyncio.run(scene())
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"x-accel-buffering"] == b"no"
    assert b"content-length" not in headers
    assert sent[1]["body"].startswith(OPENING)
    studio.close()


def test_whoever_sees_the_stream_open_hears_of_everything_from_then_on(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)

    def order_and_cancel() -> None:
        job = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).job_id
        cancel_job(studio, LOCAL_OWNER, job)

    async def scene() -> None:
        feed = JobFeed(studio)
        heard = asyncio.Event()

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.to_thread(order_and_cancel)
            elif b'"CANCELLED"' in message["body"]:
                heard.set()

        async with feed.running():
            stream = asyncio.create_task(EventStream(feed, LOCAL_OWNER, None)({"type": "http"}, never, send))
            await asyncio.wait([asyncio.create_task(heard.wait())], timeout=5)
            stream.cancel()
            assert heard.is_set(), "a job that came and went after the stream was open"

    asyncio.run(scene())
    studio.close()


def test_listener_that_takes_nothing_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "_STUCK_SECONDS", 0.2)
    studio = make_studio(tmp_path)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(3600)

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running(), asyncio.timeout(3):
            await EventStream(feed, LOCAL_OWNER, None)({"type": "http"}, never, send)
        assert feed.listeners == 0

    asyncio.run(scene())
    studio.close()


def test_listener_who_may_no_longer_hear_is_told_nothing(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def revoked() -> bool:
        return False

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running(), asyncio.timeout(3):
            await EventStream(feed, LOCAL_OWNER, None, revoked)({"type": "http"}, never, send)

    asyncio.run(scene())
    assert [message.get("body", b"") for message in sent] == [b"", b""]
    assert sent[-1].get("more_body", False) is False
    studio.close()


def test_database_that_is_away_ends_the_stream_in_good_order(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def unknown() -> bool:
        raise UnavailableError("the database is away")

    async def scene() -> None:
        feed = JobFeed(studio)
        async with feed.running(), asyncio.timeout(3):
            await EventStream(feed, LOCAL_OWNER, None, unknown)({"type": "http"}, never, send)
        assert feed.listeners == 0

    asyncio.run(scene())
    assert [message.get("body", b"") for message in sent] == [b"", b""]
    assert sent[-1].get("more_body", False) is False
    studio.close()
