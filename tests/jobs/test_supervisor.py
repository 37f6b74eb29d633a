"""The supervisor restarts what dies, waits before what cannot start, and ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.jobs.waiting import within

from text2song.jobs import supervisor as supervisor_module
from text2song.jobs.memory import memory_queue
from text2song.jobs.roster import Roster
from text2song.jobs.supervisor import Supervisor


def watch(script: str) -> Supervisor:
    return Supervisor([sys.executable, "-c", script], dict(os.environ), Roster(memory_queue()))


def test_killed_process_is_replaced_at_once() -> None:
    supervisor = watch("import time; time.sleep(60)")
    first = supervisor.pid
    os.kill(first, signal.SIGKILL)
    assert within(2, lambda: supervisor.pid != first)
    supervisor.stop()
    assert not Path(f"/proc/{supervisor.pid}").exists()


def test_process_that_cannot_start_is_not_tried_without_end(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    supervisor = watch(f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(2)")
    time.sleep(2.5)
    supervisor.stop()
    # At once, after half a second, after one more second, after two.
    assert 1 <= len(starts.read_text()) <= 4


def test_child_sees_the_end_of_its_input_when_the_supervisor_stops(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    script = (
        "import pathlib, signal, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ended)!r}).write_text('ready'); sys.stdin.read()"
    )
    supervisor = watch(script)
    assert within(5, ended.exists)
    started = time.monotonic()
    supervisor._process.stdin.close()  # type: ignore[union-attr]
    assert within(5, lambda: supervisor._process.poll() is not None)
    supervisor.stop()
    assert time.monotonic() - started < 8


def test_worker_is_started_as_soon_as_one_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "_LONGEST_PAUSE_SECONDS", 0.01)
    supervisor = watch("import time; time.sleep(60)")
    first, start = supervisor.pid, Supervisor._start
    failures = [OSError(11, "no more processes"), OSError(12, "no more memory")]

    def failing(self: Supervisor) -> subprocess.Popen[bytes]:
        if failures:
            raise failures.pop()
        return start(self)

    monkeypatch.setattr(Supervisor, "_start", failing)
    # Nor does it matter why its jobs cannot be given back.
    monkeypatch.setattr(Roster, "sign_out_process", lambda *_: 1 / 0)
    os.kill(first, signal.SIGKILL)
    assert within(5, lambda: supervisor.pid != first)
    assert not failures
    supervisor.stop()
