"""The heartbeat of a worker, in a process of its own so that no busy core or long call can starve it.

It extends the leases of whatever its worker holds. The worker starts it with a pipe; when that ends without a farewell,
the worker has died, and its jobs go back to the queue in the same second. A worker that is stopped (SIGSTOP, a frozen
container) has no heartbeat either. It sweeps other workers' expired leases as well. Run as
`python -m text2song.jobs.heartbeat`.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from text2song.domain.errors import UnavailableError
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.jobs.sweeper import Sweeper
from text2song.storage.engine import make_engine
from text2song.storage.session import Sessions

_FAREWELL = "farewell"
#: Beats per lease.
_BEATS = 4
#: Seconds that the process is given to end.
_STOP_SECONDS = 5.0
#: States of a Linux process that does nothing: stopped, traced, dead.
_STILL = frozenset("TtZXx")


class Heartbeat:
    """Starts, watches and ends the heartbeat process of one worker."""

    def __init__(self, *, database_url: str, lease_seconds: float, worker: str) -> None:
        self._opening = {"database_url": database_url, "lease_seconds": lease_seconds, "worker": worker}
        self._process = self._start()
        self._checking = threading.Lock()

    def check(self) -> None:
        """Start the process again when it has died; safe to use from many threads. Raises OSError when none starts."""
        with self._checking:
            if self._process.poll() is not None:
                _close(self._process)
                self._process = self._start()

    def stop(self) -> None:
        """End the process in peace: nothing is given back."""
        with suppress(BrokenPipeError):
            _write(self._process, {_FAREWELL: True})
        _close(self._process)
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # It waits for a database that does not answer; whoever leaves does not.
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "text2song.jobs.heartbeat"]
        # Its own session: a Ctrl-C at the terminal reaches the worker, which then says farewell.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - our own module
        _write(process, self._opening)
        return process


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

    def __init__(self, jobs: JobQueue, worker: str, pid: int) -> None:
        self._jobs = jobs
        self._roster = Roster(jobs)
        self._sweeper = Sweeper(jobs)
        self._worker = worker
        self._pid = pid
        self._messages: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def run(self) -> None:
        """Beat a few times per lease until the worker says farewell or is gone."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            self._beat()
            try:
                farewell = self._messages.get(timeout=self._jobs.lease_seconds / _BEATS)
            except queue.Empty:
                continue
            if not farewell:
                self._bury()
            return

    def _listen(self) -> None:
        # Whatever the pipe ends with, its end is heard: leases that are kept for a dead worker would never be free.
        self._messages.put(any(line.strip() == json.dumps({_FAREWELL: True}) for line in sys.stdin))

    def _beat(self) -> None:
        try:
            if _moves(self._pid):
                self._roster.seen(self._worker)
                self._jobs.keep_all_of(self._worker)
            self._sweeper.sweep()
            self._roster.sweep()
        except UnavailableError:
            # A database that is away comes back or the lease runs out; either way the next beat tells.
            return

    def _bury(self) -> None:
        # The lease would end by itself; a database that is away for a moment is worth a few tries.
        for _ in range(5):
            try:
                self._roster.sign_out(self._worker)
            except UnavailableError:
                threading.Event().wait(1.0)
            else:
                return


def _moves(pid: int) -> bool:
    """Return whether the process is there and not stopped; True where the system does not say (no /proc)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()
    except (OSError, IndexError):
        return True
    return state not in _STILL


def main() -> None:
    """Read the opening line, then beat."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    opening = json.loads(sys.stdin.readline())
    sessions = Sessions(make_engine(opening["database_url"]))
    jobs = JobQueue(sessions, lease_seconds=opening["lease_seconds"])
    _Beats(jobs, opening["worker"], os.getppid()).run()


if __name__ == "__main__":
    main()
