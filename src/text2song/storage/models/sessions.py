"""Browsers that are signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class UserSession(Base):
    """One signed-in browser; the row goes when it signs out."""

    __tablename__ = "sessions"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    #: Keyed hash of the token in the browser's cookie, in hexadecimal.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    #: To the minute.
    seen_at: Mapped[datetime]
