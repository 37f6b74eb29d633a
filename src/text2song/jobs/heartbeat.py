"""The heartbeat of a worker, in a process of its own so that no busy core or long call can starve it.

The worker starts it and tells it over its standard input what it is working on; when that input ends without a
farewell, the worker has died, and its job goes back to the queue in the same second. It sweeps other workers' expired
leases as well. Run as `python -m text2song.jobs.heartbeat`.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO
from uuid import UUID

from text2song.domain.errors import UnavailableError
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.storage.engine import make_engine
from text2song.storage.session import Sessions

_FAREWELL = "farewell"


class Heartbeat:
    """Starts, feeds and ends the heartbeat process of one worker."""

    def __init__(self, *, database_url: str, lease_seconds: float, worker: str) -> None:
        self._opening = {"database_url": database_url, "lease_seconds": lease_seconds, "worker": worker}
        self._process = self._start()

    def beat_for(self, lease: Lease | None) -> None:
        """Keep this lease alive from now on, or none."""
        if self._process.poll() is not None:
            _close(self._process)
            self._process = self._start()
        job = None if lease is None else {"job_id": str(lease.job_id), "token": lease.token}
        self._tell({"working_on": job})

    def stop(self) -> None:
        """End the process in peace: nothing is given back."""
        self._tell({_FAREWELL: True})
        _close(self._process)
        self._process.wait(timeout=10)

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "text2song.jobs.heartbeat"]
        # Its own session: a Ctrl-C at the terminal reaches the worker, which then says farewell.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - our own module
        _write(process, self._opening)
        return process

    def _tell(self, message: dict[str, object]) -> None:
        try:
            _write(self._process, message)
        except BrokenPipeError:
            # It died; the lease lives on from the worker's own progress reports until the next job starts another.
            return


def _write(process: subprocess.Popen[str], message: dict[str, object]) -> None:
    pipe = _pipe(process)
    pipe.write(json.dumps(message) + "\n")
    pipe.flush()


def _close(process: subprocess.Popen[str]) -> None:
    # A dead reader makes the unsent rest fail; it was for nobody.
    with suppress(BrokenPipeError):
        _pipe(process).close()


def _pipe(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdin is None:
        raise ValueError("the heartbeat process was started without a pipe")
    return process.stdin


class _Beats:
    """The loop inside the process."""

    def __init__(self, jobs: JobQueue, worker: str) -> None:
        self._jobs = jobs
        self._roster = Roster(jobs)
        self._worker = worker
        self._messages: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()
        self._held: tuple[UUID, int] | None = None

    def run(self) -> None:
        """Beat three times per lease until the worker says farewell or is gone."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            self._beat()
            try:
                message = self._messages.get(timeout=self._jobs.lease_seconds / 3)
            except queue.Empty:
                continue
            if message is None:
                self._roster.sign_out(self._worker)
                return
            if _FAREWELL in message:
                return
            self._take(message["working_on"])

    def _listen(self) -> None:
        for line in sys.stdin:
            self._messages.put(json.loads(line))
        self._messages.put(None)

    def _take(self, job: object) -> None:
        self._held = (UUID(job["job_id"]), job["token"]) if isinstance(job, dict) else None

    def _beat(self) -> None:
        try:
            self._roster.seen(self._worker)
            if self._held is not None and not self._jobs.keep(*self._held):
                self._held = None
            self._jobs.sweep()
            self._roster.sweep()
        except UnavailableError:
            # A database that is away comes back or the lease runs out; either way the next beat tells.
            return


def main() -> None:
    """Read the opening line, then beat."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    opening = json.loads(sys.stdin.readline())
    sessions = Sessions(make_engine(opening["database_url"]))
    _Beats(JobQueue(sessions, lease_seconds=opening["lease_seconds"]), opening["worker"]).run()


if __name__ == "__main__":
    main()
