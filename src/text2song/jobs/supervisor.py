"""Keeps one worker process running: starts it, restarts it when it dies, ends it in peace."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence

import structlog

from text2song.jobs.roster import Roster

_POLL_SECONDS = 0.1
#: After a worker that gave up by itself the next one waits, twice as long each time; after one killed, it does not.
_LONGEST_PAUSE_SECONDS = 4.0
#: Seconds that a worker is given to drain.
_STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)


class Supervisor:
    """Watches one child process from a thread of its own.

    The child's standard input is a pipe that ends when this process does, however it dies.
    """

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
        self._bury()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the caller's own program
            self._command, env=self._environment, stdin=subprocess.PIPE, start_new_session=True
        )

    def _watch(self) -> None:
        pause = 0.0
        while not self._stopping.wait(_POLL_SECONDS):
            if self._process.poll() is None:
                continue
            log.warning("the worker died", pid=self._process.pid, status=self._process.returncode)
            self._bury()
            killed = self._process.returncode < 0
            pause = 0.0 if killed else min(max(2 * pause, 0.5), _LONGEST_PAUSE_SECONDS)
            if self._stopping.wait(pause):
                return
            try:
                self._process = self._start()
            except OSError as error:
                # No memory or no process left: the dead one is found again, and so is this attempt made.
                log.warning("no worker can be started", error=str(error))
                self._stopping.wait(_LONGEST_PAUSE_SECONDS)

    def _bury(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._roster.sign_out_process(self._process.pid)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next worker must start all the same
            # The lease runs out by itself.
            log.warning("the dead worker's job waits for its lease to end", error=str(error))
