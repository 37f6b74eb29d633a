"""Who played which take, when, and for how long."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class Play(Base):
    """One listening; `created_at` is when it was reported."""

    __tablename__ = "plays"
    __table_args__ = (Index("ix_plays_user_id_created_at", "user_id", "created_at"),)

    #: The listener; None for a person without an account.
    user_id: Mapped[UUID | None]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    #: Seconds listened, None where the player did not say.
    seconds: Mapped[float | None]
