"""Worker processes that are alive, as their heartbeats say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from text2song.storage.base import Base


class Worker(Base):
    """One worker process; the row goes when the process ends or stays silent."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    host: Mapped[str] = mapped_column(String(80))
    pid: Mapped[int]
    seen_at: Mapped[datetime]
    #: Asked to end after the jobs at hand, for a successor to take over.
    retiring: Mapped[bool] = mapped_column(server_default=false(), default=False)
