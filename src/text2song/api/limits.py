"""How often one may ask: requests per minute and caller, counted in memory or, for several processes, in Redis."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import structlog
from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.util import WindowStats

from text2song.api.deps import CredentialsDep, part
from text2song.api.headers import extra_headers
from text2song.domain.errors import RefusedError, UnavailableError
from text2song.services.credentials import LOCAL

#: Seconds for which a Redis that failed is not asked again.
_PAUSE_SECONDS = 5.0
#: Seconds that one question to Redis may take.
_TIMEOUT_SECONDS = 0.5

log = structlog.get_logger(__name__)


class RateLimitedError(RefusedError):
    """The caller asked too often; Retry-After says when to ask again."""

    slug = "rate-limited"


class LimitStoreError(UnavailableError):
    """The store of the counters cannot be used as configured."""

    slug = "limit-store"


@dataclass(frozen=True, slots=True)
class Standing:
    """One request counted: whether it may go on, and what is left of the window that began with its first."""

    allowed: bool
    limit: int
    remaining: int
    #: Seconds until the window ends.
    reset: int


class Limiter:
    """Counts requests; `scale` multiplies every limit, and 0 lifts them all."""

    def __init__(self, *, scale: float = 1.0, redis_url: str = "") -> None:
        self._scale = scale
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = None if self._redis is None else FixedWindowRateLimiter(self._redis)
        self._paused_until = 0.0

    async def count(self, name: str, per_minute: int, who: str) -> Standing | None:
        """Count one request of `who` against a limit; None where there are no limits.

        While Redis does not answer, each process counts for itself: limits are a courtesy that no request waits for.
        """
        if self._scale <= 0:
            return None
        item = RateLimitItemPerMinute(max(1, round(per_minute * self._scale)))
        if self._shared is not None and time.monotonic() >= self._paused_until:
            try:
                return await _count(self._shared, item, name, who)
            except StorageError as error:
                self._paused_until = time.monotonic() + _PAUSE_SECONDS
                log.warning("requests are counted per process while Redis does not answer", error=str(error))
        return await _count(self._memory, item, name, who)

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis is not None:
            await self._redis.bridge.get_connection().aclose()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A dependency that counts requests under `name`; operations of one name share one count.

    Used as `dependencies=[Depends(RateLimit("recent", 30))]`. Every answer says where the caller stands, in the fields
    of draft-ietf-httpapi-ratelimit-headers (revision 10) and in the three that clients knew before it.
    """

    name: str
    per_minute: int
    #: Count by address alone, for what people do before anybody knows them.
    by_address: bool = False

    async def __call__(self, request: Request, credentials: CredentialsDep) -> None:
        """Count the request; raises `RateLimitedError`."""
        who = request.app.state.proxies.client(request)
        if not self.by_address and credentials is not None and credentials is not LOCAL:
            who = credentials.caller
        await count_for(request, self.name, self.per_minute, who)


async def count_for(request: Request, name: str, per_minute: int, who: str) -> None:
    """Count one request of `who` and say so in the answer; raises `RateLimitedError`."""
    standing = await part(request, "limiter", Limiter).count(name, per_minute, who)
    if standing is None:
        return
    headers = extra_headers(request)
    headers["RateLimit-Policy"] = f'"{name}";q={standing.limit};w=60'
    headers["RateLimit"] = f'"{name}";r={standing.remaining};t={standing.reset}'
    headers["RateLimit-Limit"] = str(standing.limit)
    headers["RateLimit-Remaining"] = str(standing.remaining)
    headers["RateLimit-Reset"] = str(standing.reset)
    if not standing.allowed:
        headers["Retry-After"] = str(standing.reset)
        message = f"{standing.limit} requests a minute are allowed here; ask again in {standing.reset} seconds"
        raise RateLimitedError(message)


async def _count(limiter: FixedWindowRateLimiter, item: RateLimitItemPerMinute, name: str, who: str) -> Standing:
    allowed = await limiter.hit(item, name, who)
    stats: WindowStats = await limiter.get_window_stats(item, name, who)
    reset = max(1, math.ceil(stats.reset_time - time.time()))
    return Standing(allowed=allowed, limit=item.amount, remaining=max(0, stats.remaining), reset=reset)


def _redis(url: str) -> RedisStorage:
    if not url.startswith(("redis://", "rediss://", "redis+unix://")):
        raise LimitStoreError(
            "requests are counted in Redis only: redis://, rediss://, redis+unix://", field="redis_url"
        )
    options = {"socket_timeout": _TIMEOUT_SECONDS, "socket_connect_timeout": _TIMEOUT_SECONDS}
    try:
        return RedisStorage(
            f"async+{url}", implementation="redispy", wrap_exceptions=True, key_prefix="text2song:limits", **options
        )
    except (ConfigurationError, ValueError) as error:
        raise LimitStoreError(f"requests cannot be counted in Redis: {error}", field="redis_url") from error
