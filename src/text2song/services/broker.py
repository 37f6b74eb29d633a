"""The broker as health asks it: one Redis or Valkey, and no patience."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from text2song.domain.errors import UnavailableError

_TIMEOUT_SECONDS = 1.0


class BrokerDownError(UnavailableError):
    """The broker does not answer."""

    slug = "broker-down"


class RedisBroker:
    """Asks a Redis server whether it is there."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def ping(self) -> object:
        """Ask; raises `BrokerDownError`."""
        try:
            return self._client.ping()
        except redis.RedisError as error:
            raise BrokerDownError(f"the broker does not answer: {type(error).__name__}") from error


def connect(url: str) -> RedisBroker:
    """Return the broker at a URL; nothing is asked yet."""
    client = redis.Redis.from_url(
        url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS, retry=Retry(NoBackoff(), 0)
    )
    return RedisBroker(client)
