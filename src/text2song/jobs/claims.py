"""How a worker comes by its jobs, and how it is rid of those that it has without knowing."""

from __future__ import annotations

import structlog

from text2song.domain.errors import UnavailableError
from text2song.jobs.bells import BATCH
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.jobs.runner import Runner

log = structlog.get_logger(__name__)


class Claims:
    """Takes jobs for one worker; safe to use from many threads.

    A claim whose answer is lost may have been made all the same, when the connection broke after the commit. Its job
    would stand under the worker's name, kept alive by its heartbeat, and never be run: so after anything went wrong
    whatever stands there that nobody works on is given back first.
    """

    def __init__(self, jobs: JobQueue, runner: Runner, name: str) -> None:
        self._queue, self._runner, self._name = jobs, runner, name
        self._roster = Roster(jobs)
        self._doubtful = False

    def next(self) -> list[Lease]:
        """Return the next job, or the next cheap ones together; none when none waits. Raises `UnavailableError`."""
        if self._doubtful:
            self._give_back()
        try:
            cheap = self._queue.cheap
            return self._queue.claim_several(self._name, self._runner.kinds, cheap=cheap, limit=BATCH)
        except UnavailableError:
            self._doubtful = True
            raise

    def doubt(self) -> None:
        """Have the next call look whether anything stands under the worker's name that it does not work on."""
        self._doubtful = True

    def _give_back(self) -> None:
        # Another thread's job between its claim and its start may be among them; it loses its lease, and no more.
        held = {(lease.job_id, lease.token) for lease in self._runner.held}
        for lease in self._roster.leases_of(self._name):
            if (lease.job_id, lease.token) not in held and self._queue.release(lease):
                log.warning("a job was claimed without a word and is given back", job=str(lease.job_id))
        self._doubtful = False
