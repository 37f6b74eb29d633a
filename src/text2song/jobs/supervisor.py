"""Keeps one worker process running: starts it, restarts it when it dies, ends it in peace."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

import structlog

from text2song.domain.errors import UnavailableError
from text2song.jobs.roster import Roster

_POLL_SECONDS = 0.1
#: A worker that lived shorter than this waits before the next one, twice as long each time up to the maximum.
_QUICK_DEATH_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 4.0
#: Seconds that a worker is given to drain.
_STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Supervisor:
    """Watches one child process from a thread of its own."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], roster: Roster) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._roster = roster
        self._stopping = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Process id of the present worker."""
        return self._process.pid

    def stop(self) -> None:
        """Ask the worker to drain and wait for it; cut it off when it does not."""
        self._stopping.set()
        self._thread.join()
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget(self._process.pid)

    def _start(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        return subprocess.Popen(self._command, env=self._environment, start_new_session=True)  # noqa: S603 - the caller's own program

    def _watch(self) -> None:
        pause = 0.0
        while not self._stopping.wait(_POLL_SECONDS):
            if self._process.poll() is None:
                continue
            log.warning("the worker died", pid=self._process.pid, status=self._process.returncode)
            self._forget(self._process.pid)
            quick = time.monotonic() - self._started < _QUICK_DEATH_SECONDS
            pause = min(max(2 * pause, 0.5), _LONGEST_PAUSE_SECONDS) if quick else 0.0
            if self._stopping.wait(pause):
                return
            self._process = self._start()

    def _forget(self, pid: int) -> None:
        try:
            self._roster.sign_out_process(pid)
        except UnavailableError as error:
            # The lease runs out by itself; the next worker must start all the same.
            log.warning("the dead worker's job waits for its lease to end", error=error.message)
