"""The seed's limits, counted per caller; in Redis for several processes, and without it while it is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE
from tests.servers import ValkeyServer, server_folder
from tests.services.fakes import make_studio

from text2song.api.app import app_of
from text2song.api.limits import Limiter, LimitStoreError, Standing

#: Operation → requests per minute, as the seed gives them.
SEED = {
    ("POST", "/generate"): 10,
    ("GET", "/recent"): 30,
    ("GET", "/health"): 60,
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    studio = make_studio(tmp_path, rate_limits=1.0, trusted_proxies="127.0.0.1")
    with TestClient(app_of(studio), base_url=BASE, client=("127.0.0.1", 4711)) as made:
        yield made
    studio.close()


def ask(client: TestClient, method: str, path: str, who: str = "198.51.100.1") -> Any:
    return client.request(method, API + path, headers={"x-forwarded-for": who})


@pytest.mark.parametrize(("operation", "limit"), SEED.items())
def test_the_seeds_limits(client: TestClient, operation: tuple[str, str], limit: int) -> None:
    replies = [ask(client, *operation) for _ in range(limit + 2)]
    assert all(reply.status_code != 429 for reply in replies[:limit])
    assert [reply.headers["ratelimit-remaining"] for reply in replies[:limit]] == [
        str(left) for left in range(limit - 1, -1, -1)
    ]
    for refused in replies[limit:]:
        assert refused.status_code == 429
        assert refused.json()["type"].endswith("/rate-limited")
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit-limit"] == str(limit)
        assert refused.headers["ratelimit-policy"].endswith(f";q={limit};w=60")
    assert ask(client, *operation, who="198.51.100.2").status_code != 429


def test_two_ways_to_make_a_song_share_a_limit(client: TestClient) -> None:
    replies = [ask(client, "POST", path).status_code for path in ("/generate", "/compositions") for _ in range(6)]
    assert replies == [422] * 10 + [429] * 2


def test_a_caller_cannot_name_another_as_the_source(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, rate_limits=0.1)
    with TestClient(app_of(studio), base_url=BASE) as client:
        replies = [ask(client, "GET", "/recent", who=f"198.51.100.{last}").status_code for last in range(4)]
    studio.close()
    assert replies == [200, 200, 200, 429]


def test_zero_lifts_the_limits(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    with TestClient(app_of(studio), base_url=BASE) as client:
        replies = [ask(client, "GET", "/recent") for _ in range(40)]
    studio.close()
    assert all(reply.status_code == 200 and "ratelimit-limit" not in reply.headers for reply in replies)


async def _count(limiter: Limiter, times: int, who: str = "me") -> list[bool]:
    found = [await limiter.count("recent", 5, who) for _ in range(times)]
    return [isinstance(standing, Standing) and standing.allowed for standing in found]


def test_processes_with_one_redis_count_together(valkey_url: str) -> None:
    async def scene() -> None:
        first, second = Limiter(redis_url=valkey_url), Limiter(redis_url=valkey_url)
        who = str(time.time_ns())
        assert await _count(first, 3, who) == [True] * 3
        assert await _count(second, 3, who) == [True, True, False]
        assert await _count(first, 1, who) == [False]
        # Another caller has another count.
        assert await _count(second, 1, f"{who} too") == [True]
        await first.close()
        await second.close()

    asyncio.run(scene())


@pytest.mark.slow
def test_without_redis_each_process_counts_for_itself_and_returns_to_it() -> None:
    with server_folder() as folder:
        server = ValkeyServer(folder)

        async def scene() -> None:
            limiter = Limiter(redis_url=server.url)
            assert await _count(limiter, 5) == [True] * 5
            server.stop()
            began = time.monotonic()
            assert await _count(limiter, 7) == [True] * 5 + [False] * 2
            assert time.monotonic() - began < 5
            server.start()
            await asyncio.sleep(5.1)
            assert await _count(limiter, 6) == [True] * 5 + [False]
            await limiter.close()

        asyncio.run(scene())
        server.stop()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "memory://"])
def test_what_is_not_redis_is_refused(url: str) -> None:
    with pytest.raises(LimitStoreError):
        Limiter(redis_url=url)
