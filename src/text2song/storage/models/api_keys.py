"""Keys for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class ApiKey(Base):
    """One key; its text is shown once, when it is made, and is nowhere afterwards."""

    __tablename__ = "api_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    #: The first characters, by which its owner knows it again.
    prefix: Mapped[str] = mapped_column(String(16))
    #: SHA-256 of the key, in hexadecimal: 256 random bits need no slow hash.
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Of `domain.identity.SCOPES`.
    scopes: Mapped[list[Any]]
    expires_at: Mapped[datetime | None]
    #: To the minute.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
