"""A song asked for: one request, one job, one or more takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from text2song.storage.base import Base
from text2song.storage.models.jobs import Job
from text2song.storage.models.prompts import Prompt
from text2song.storage.models.takes import Take
from text2song.storage.searching import SearchColumn, SearchDocument


class Composition(Base):
    """A song of the library, from the moment it is asked for."""

    __tablename__ = "compositions"
    __table_args__ = (
        Index("ix_compositions_search", "search", postgresql_using="gin").ddl_if(dialect="postgresql"),
        # One for each order of the library.
        Index("ix_compositions_newest", "user_id", "created_at", "id"),
        Index("ix_compositions_made", "user_id", "made_at"),
        Index("ix_compositions_sort_title", "user_id", "sort_title", "id"),
        Index("ix_compositions_duration", "user_id", "duration_seconds", "id"),
        Index("ix_compositions_played", "user_id", "play_count", "id"),
    )

    #: Its owner.
    user_id: Mapped[UUID]
    #: Everyone may read and hear it; only its owner may change it.
    public: Mapped[bool] = mapped_column(server_default=false(), default=False)
    prompt_id: Mapped[UUID] = mapped_column(ForeignKey("prompts.id"), index=True)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"), unique=True)
    #: The user's title; once made and unless the user set one, the composer's.
    title: Mapped[str] = mapped_column(String(200), index=True)
    #: Whether the title is the user's own word, which the composer then leaves alone.
    titled: Mapped[bool]
    #: `domain.request.CompositionRequest` as JSON: the recipe.
    request: Mapped[dict[str, Any]]
    #: What concerns the making, not the music: provider, device, precision, samples, sampling.
    options: Mapped[dict[str, Any]]
    #: Genres, key, tempo and metre as composed; empty until made.
    summary: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
    #: The composition that this one is an edit of, as long as that is kept; no constraint, so that either may go.
    parent_id: Mapped[UUID | None] = mapped_column(index=True)
    #: `domain.edits.Edit` as JSON, every one since the request, the latest last.
    edits: Mapped[list[Any]] = mapped_column(server_default="[]", default=list)

    #: When its takes were finished, None until then, and how long the first of them is.
    made_at: Mapped[datetime | None]
    duration_seconds: Mapped[float | None]
    #: Plays of all its takes.
    play_count: Mapped[int] = mapped_column(server_default="0", default=0)
    #: The words of the title, by which it stands among others.
    sort_title: Mapped[str] = mapped_column(String(400), server_default="", default="")
    #: What the full-text index reads; `models.upkeep` writes it.
    search: Mapped[SearchDocument | None] = mapped_column(SearchColumn(), deferred=True)

    prompt: Mapped[Prompt] = relationship(lazy="raise")
    job: Mapped[Job] = relationship(lazy="raise")
    takes: Mapped[list[Take]] = relationship(lazy="raise", order_by=Take.number, cascade="all, delete-orphan")
