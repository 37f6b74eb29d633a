"""Work to be done later: the database row is the truth about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class JobStatus(StrEnum):
    """The states of a job; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: States in which a job may still change.
ACTIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(Base):
    """One piece of work with its lease, its fencing token and how far it is."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_claim", "status", "priority", "turn", "id"),
        Index("ix_jobs_turn", "user_id", "status", "priority", "turn"),
        Index("ix_jobs_learn", "kind", "variant", "status", "finished_at"),
        Index("ix_jobs_newest", "user_id", "id"),
        Index("ix_jobs_ended", "user_id", "status", "finished_at"),
    )

    #: Name of the handler.
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    #: On whose behalf; None for the system's own work.
    user_id: Mapped[UUID | None]
    #: What the job is about (a composition), for those who look from there.
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(12))
    #: Lower runs first; among equals, the lower turn: each further waiting job of a user has the next one, so that
    #: users take turns however many jobs they have waiting.
    priority: Mapped[int]
    turn: Mapped[int] = mapped_column(BigInteger, server_default="0")
    #: How much is to be made, in the kind's own unit (seconds of music), and by what (a provider): what the time that
    #: a job will take is learned from.
    amount: Mapped[float | None]
    variant: Mapped[str] = mapped_column(String(40), server_default="")
    #: Not to be claimed before this instant.
    available_at: Mapped[datetime]
    #: Runs that ended in a transient fault, and runs whose worker died or went silent.
    faults: Mapped[int]
    losses: Mapped[int]
    #: Grows with every claim; a worker that holds an older one changes nothing.
    token: Mapped[int]
    worker: Mapped[str | None] = mapped_column(String(120), index=True)
    leased_until: Mapped[datetime | None] = mapped_column(index=True)
    #: A few words for people, and 0..1.
    stage: Mapped[str] = mapped_column(String(120))
    progress: Mapped[float]
    #: Why it failed: the problem's slug and one sentence.
    error_slug: Mapped[str | None] = mapped_column(String(60))
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    #: Grows over all jobs with every change: the position of this state in the change feed (`storage/changes.py`).
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
