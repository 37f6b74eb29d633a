"""How cheap jobs end: many in one transaction, each under its own lease.

A commit costs more than the work of such a job. What is done but not yet ended when the process dies runs again, as it
would have had it died a moment earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from opentelemetry.trace import Span
from sqlalchemy.orm import Session

from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue

#: Stores what a job made, in the transaction that ends the job; called anew when that was undone.
Effect = Callable[[Session], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """Work that is done, its job not yet ended."""

    lease: Lease
    effect: Effect | None
    #: The job's part of its trace, which goes on until the end.
    span: Span


def end_together(jobs: JobQueue, done: Sequence[Done]) -> frozenset[tuple[UUID, int]] | None:
    """Complete in one transaction those jobs whose lease still holds, and return their ids and tokens.

    None when one of them, or the database, stood in the way: then nothing has happened, or all of it without a word.
    """
    try:
        with jobs.sessions.write() as session:
            ended = jobs.complete_all(session, [one.lease for one in done])
            for one in done:
                if one.effect is not None and (one.lease.job_id, one.lease.token) in ended:
                    one.effect(session)
    except Exception as error:  # noqa: BLE001 - whatever it is, it comes again for the job that it is about
        log.info("jobs could not be ended together", jobs=len(done), error=str(error))
        return None
    return ended


def end_alone(jobs: JobQueue, done: Done) -> None:
    """Complete one job in a transaction of its own; raises `LeaseLostError` and what its effect raises."""
    with jobs.sessions.write() as session:
        jobs.complete(session, done.lease)
        if done.effect is not None:
            done.effect(session)
