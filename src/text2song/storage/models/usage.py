"""What happened on each day (UTC), added up as it happens; removing a song later does not rewrite the past."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base

#: Whose row holds the load of the machines.
SYSTEM_ID = UUID(int=0)


class UsageDay(Base):
    """One user's day, or, under `SYSTEM_ID`, the machines'."""

    __tablename__ = "usage_days"
    __table_args__ = (UniqueConstraint("user_id", "day"),)

    user_id: Mapped[UUID]
    day: Mapped[date]
    #: Takes finished, and the sums over them: seconds of making, of music, real-time factors, bytes of files.
    takes: Mapped[int]
    generation_seconds: Mapped[float]
    audio_seconds: Mapped[float]
    realtime_factors: Mapped[float]
    bytes: Mapped[int] = mapped_column(BigInteger)
    #: Takes of each genre, by name.
    genres: Mapped[dict[str, Any]]
    plays: Mapped[int]
    play_seconds: Mapped[float]
    downloads: Mapped[int]
    #: Marks set less marks taken back.
    favorites: Mapped[int]
    #: Looks at the machines, and the sums and highest of what they showed, percent.
    samples: Mapped[int]
    cpu_sum: Mapped[float]
    cpu_max: Mapped[float]
    memory_sum: Mapped[float]
    memory_max: Mapped[float]
    gpu_samples: Mapped[int]
    gpu_sum: Mapped[float]
    gpu_max: Mapped[float]
