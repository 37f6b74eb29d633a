"""One rendered result of a composition: the seed documents' AudioSample."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class Take(Base):
    """A finished take; a row exists only when every file of it does."""

    __tablename__ = "takes"
    __table_args__ = (
        UniqueConstraint("composition_id", "number"),
        # Recent and most played, of one's own and of everybody's public takes: each one walk along an index.
        Index("ix_takes_recent", "user_id", "created_at", "id"),
        Index("ix_takes_played", "user_id", "play_count", "id"),
        Index("ix_takes_public_recent", "public", "created_at", "id"),
        Index("ix_takes_public_played", "public", "play_count", "id"),
    )

    composition_id: Mapped[UUID] = mapped_column(ForeignKey("compositions.id", ondelete="CASCADE"), index=True)
    #: The composition's owner, and whether everyone may read it: kept in step by `models.upkeep`.
    user_id: Mapped[UUID]
    public: Mapped[bool] = mapped_column(server_default=false(), default=False)
    #: 1 for the first take asked for.
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    provider: Mapped[str] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(20))
    precision: Mapped[str] = mapped_column(String(20))
    duration_seconds: Mapped[float]
    #: Hertz and channels of the song.
    sample_rate: Mapped[int]
    channels: Mapped[int]
    #: Wall-clock seconds of the making and seconds of music per second of it.
    generation_seconds: Mapped[float]
    realtime_factor: Mapped[float]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    #: Counted in the transaction of each play, download and mark.
    play_count: Mapped[int] = mapped_column(server_default="0", default=0)
    download_count: Mapped[int] = mapped_column(server_default="0", default=0)
    favorite_count: Mapped[int] = mapped_column(server_default="0", default=0)
    last_played_at: Mapped[datetime | None]
    #: Folder of the files in the blob store.
    prefix: Mapped[str] = mapped_column(String(120), unique=True)
    #: `[{"name", "bytes", "sha256", "media_type"}]`.
    files: Mapped[list[Any]]
    #: `[{"name", "instrument", "role", "lufs", "peak_dbfs"}]`.
    stems: Mapped[list[Any]]
    #: Absolute peaks in 0..1 of equal stretches of the song, for drawing.
    peaks: Mapped[list[Any]]
    #: Sections, chords and sung lines with their times in seconds: what a player shows under the waveform.
    outline: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    #: `domain.take.TakeReport` as JSON.
    report: Mapped[dict[str, Any]] = mapped_column(deferred=True)
