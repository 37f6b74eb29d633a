"""Requests that were answered and may be sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class IdempotencyRecord(Base):
    """One request with an Idempotency-Key, stored in the transaction that did its work."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"), Index("ix_idempotency_keys_created_at", "created_at"))

    user_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(255))
    #: SHA-256 of method, path and body, in hexadecimal.
    fingerprint: Mapped[str] = mapped_column(String(64))
    #: What the use case returned.
    result: Mapped[dict[str, Any]]
