"""A file that a user sent: a reference to be heard, a cover, or another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class File(Base):
    """A whole and decodable file; a row exists only when its bytes do."""

    __tablename__ = "files"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    #: REFERENCE, COVER or OTHER.
    kind: Mapped[str] = mapped_column(String(12))
    #: As the user called it, made harmless; no path is ever made of it.
    original_filename: Mapped[str] = mapped_column(String(160))
    #: By its content.
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    #: Key in the blob store.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    #: What decoding found: seconds, hertz and channels of a sound, pixels of a picture.
    properties: Mapped[dict[str, Any]]
    #: `evaluation.reference.ReferenceFigures`, once it was asked for.
    analysis: Mapped[dict[str, Any] | None] = mapped_column(JSON)
