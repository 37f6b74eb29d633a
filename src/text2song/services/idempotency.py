"""A request sent twice is done once: its key and its result are stored in the transaction that does its work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from text2song.domain.errors import InvalidError
from text2song.domain.identity import Actor
from text2song.services.studio import Studio
from text2song.storage.models import IdempotencyRecord
from text2song.storage.repositories.idempotency import IdempotencyRepository

T = TypeVar("T")

#: For how long a request may be sent again.
KEPT = timedelta(hours=24)


class KeyReusedError(InvalidError):
    """The key came with another request before."""

    slug = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a caller names its request by, and the SHA-256 of method, path and body that the name stands for."""

    key: str
    fingerprint: str


class Once(Generic[T]):
    """One piece of work that a caller may ask for again without its being done again.

    `result` is the frozen dataclass that the work returns. Without a key it is simply done.
    """

    def __init__(self, studio: Studio, actor: Actor, key: RequestKey | None, result: type[T]) -> None:
        self._studio = studio
        self._actor = actor
        self._key = key
        self._result: TypeAdapter[T] = TypeAdapter(result)

    def recall(self) -> T | None:
        """Return what the same request was answered before, None when it is new; raises `KeyReusedError`."""
        if self._key is None:
            return None
        with self._studio.sessions.read() as session:
            return self._kept(session, self._key)

    def write(self, work: Callable[[Session], T]) -> T:
        """Do the work in a transaction and keep its result with it; when another was faster, return what that kept.

        Raises what the work raises, or `KeyReusedError`.
        """
        if self._key is None:
            with self._studio.sessions.write() as session:
                return work(session)
        try:
            return self._write(work, self._key)
        except IntegrityError:
            # PostgreSQL lets two transactions store the same key and stops the later one at its end.
            kept = self.recall()
            if kept is None:
                raise
            return kept

    def _write(self, work: Callable[[Session], T], key: RequestKey) -> T:
        with self._studio.sessions.write() as session:
            kept = self._kept(session, key)
            if kept is not None:
                return kept
            records = IdempotencyRepository(session)
            records.forget(self._studio.queue.clock() - KEPT)
            # First the key: on PostgreSQL whoever brings the same one waits here for the end of this transaction.
            record = IdempotencyRecord(
                user_id=self._actor.user_id,
                key=key.key,
                fingerprint=key.fingerprint,
                result={},
                created_at=self._studio.queue.clock(),
            )
            records.add(record)
            result = work(session)
            record.result = self._result.dump_python(result, mode="json")
            return result

    def _kept(self, session: Session, key: RequestKey) -> T | None:
        since = self._studio.queue.clock() - KEPT
        record = IdempotencyRepository(session).find(self._actor.user_id, key.key, since)
        if record is None:
            return None
        if record.fingerprint != key.fingerprint:
            message = "this Idempotency-Key came with another request before; a new request needs a new key"
            raise KeyReusedError(message, field="Idempotency-Key")
        return self._result.validate_python(record.result)
