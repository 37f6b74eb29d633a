"""Requests that were answered and may be sent again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from text2song.storage.models import IdempotencyRecord
from text2song.storage.repositories.base import RepositoryBase


class IdempotencyRepository(RepositoryBase[IdempotencyRecord]):
    """One record per user and key."""

    model = IdempotencyRecord
    noun = "idempotency key"

    def find(self, user_id: UUID, key: str, since: datetime) -> IdempotencyRecord | None:
        """Return the user's record of that key unless it is older than `since`."""
        mine = select(IdempotencyRecord).where(
            IdempotencyRecord.user_id == user_id,
            IdempotencyRecord.key == key,
            IdempotencyRecord.created_at >= since,
        )
        return self.session.scalars(mine).one_or_none()

    def forget(self, before: datetime) -> int:
        """Remove the records from before that instant and return how many there were."""
        old = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < before).returning(IdempotencyRecord.id)
        return len(self.session.scalars(old).all())
