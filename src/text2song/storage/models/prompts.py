"""What was asked for, in the words and fields it was asked in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class Prompt(Base):
    """A prompt: its text and its structured attributes, kept verbatim."""

    __tablename__ = "prompts"
    __table_args__ = (Index("ix_prompts_newest", "user_id", "id"),)

    #: Its owner.
    user_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    #: `domain.request.CompositionRequest` as JSON, the text included, the seed apart from it.
    request: Mapped[dict[str, Any]]
