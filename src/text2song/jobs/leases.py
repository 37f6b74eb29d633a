"""What a worker holds while it works, and how it loses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from text2song.domain.errors import CancelledError, ConflictError


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on one job until it expires; `token` proves it."""

    job_id: UUID
    kind: str
    payload: Mapping[str, Any]
    subject_id: UUID | None
    worker: str
    token: int
    #: Runs before this one that met a transient fault.
    faults: int
    #: Runs before this one whose worker died or whose database failed.
    losses: int = 0
    until: datetime
    #: The trace and the request that the job belongs to, as `jobs/tracing.py` wrote it.
    trace: object = None


class LeaseLostError(CancelledError):
    """Another worker has the job now, or it went back to the queue: nothing done under this lease may be kept."""


class JobFinishedError(ConflictError):
    """The job has already ended, so there is nothing to cancel."""

    slug = "job-finished"
