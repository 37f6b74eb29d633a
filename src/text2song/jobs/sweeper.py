"""Gives the jobs of workers that vanished to others."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from text2song.jobs.queue import JobQueue


class Sweeper:
    """Takes a job only when its lease was found overdue twice, half a lease apart by a clock that nobody sets.

    A machine's clock that is set forward makes every lease look overdue at once; by the second look the living have
    renewed theirs. Set back, it makes leases look endless, which counts as overdue too.
    """

    def __init__(self, jobs: JobQueue, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._monotonic = monotonic
        self._found: dict[tuple[UUID, int], float] = {}

    def sweep(self) -> int:
        """Look once; return how many jobs went back to the queue. Call it a few times per lease."""
        now = self._monotonic()
        self._found = {lease: self._found.get(lease, now) for lease in self._jobs.overdue()}
        sure = [lease for lease, since in self._found.items() if now - since >= self._jobs.lease_seconds / 2]
        # Whoever was frozen inside a transaction holds the row; nobody waits for that, least of all a heartbeat.
        return sum(self._jobs.lose(job_id, token, wait=False) for job_id, token in sure)
