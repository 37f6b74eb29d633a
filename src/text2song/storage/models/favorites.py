"""Takes that users have marked as favourites."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class Favorite(Base):
    """One user's mark on one take."""

    __tablename__ = "favorites"
    __table_args__ = (
        Index("uq_favorites_user_id_take_id", "user_id", "take_id", unique=True),
        # The songs of a user with a favourite of theirs: read and counted along this index alone.
        Index("ix_favorites_songs", "user_id", "owner_id", "composition_id"),
    )

    user_id: Mapped[UUID]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    #: The take's composition and its owner, which neither ever changes: `models.upkeep` writes them.
    composition_id: Mapped[UUID]
    owner_id: Mapped[UUID]
