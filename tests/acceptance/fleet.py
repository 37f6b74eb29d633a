"""A fleet of worker processes that a test may kill, stop and replace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from text2song.domain.errors import UnavailableError
from text2song.services.studio import Studio
from text2song.storage.models import Job, JobStatus


@dataclass
class Fleet:
    """Cheap workers over one studio; each job takes about `seconds`."""

    studio: Studio
    size: int
    seconds: float
    environment: Mapping[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Fleet:
        """Start all workers and wait until each is on the roster."""
        self.workers.extend(self._start() for _ in range(self.size))
        wait_for(lambda: self.studio.roster.alive() >= self.size, 120)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop all workers in peace."""
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
        for worker in self.workers:
            worker.wait(60)

    def kill(self, index: int) -> subprocess.Popen[bytes]:
        """Kill a worker by SIGKILL and start another in its place; return the dead one."""
        dead = self.workers[index]
        dead.kill()
        dead.wait()
        self.workers[index] = self._start()
        return dead

    def busy(self) -> dict[int, list[tuple[UUID, int]]]:
        """Return the running jobs and their tokens by the index of the worker that holds them."""
        places = {worker.pid: index for index, worker in enumerate(self.workers)}
        with self.studio.sessions.read() as session:
            running = session.execute(
                select(Job.id, Job.token, Job.worker).where(Job.status == JobStatus.RUNNING)
            ).all()
        found: dict[int, list[tuple[UUID, int]]] = {}
        for job in running:
            place = places.get(int((job.worker or ":0:").rsplit(":", 2)[1]))
            if place is not None:
                found.setdefault(place, []).append((job.id, job.token))
        return found

    def kill_a_busy_one(self, draw: random.Random) -> list[tuple[UUID, int]]:
        """Kill some worker in the middle of a job; return the jobs it held."""
        holding: dict[int, list[tuple[UUID, int]]] = {}
        wait_for(lambda: bool(holding.update(self.busy()) or holding), 120)
        time.sleep(draw.uniform(0, self.seconds))
        now = self.busy()
        if not now:
            return self.kill_a_busy_one(draw)
        index = draw.choice(sorted(now))
        self.kill(index)
        return now[index]

    def again(self, jobs: list[tuple[UUID, int]]) -> bool:
        """Return whether each of the jobs was claimed by another since, or has ended."""
        with self.studio.sessions.read() as session:
            found = {job.id: job for job in session.scalars(select(Job).where(Job.id.in_([job for job, _ in jobs])))}
        return all(found[job].token > token or found[job].finished_at is not None for job, token in jobs)

    def _start(self) -> subprocess.Popen[bytes]:
        settings = self.studio.settings.model_dump(mode="json") | {
            "data_dir": str(self.studio.settings.data_dir.resolve())
        }
        variables = {f"TEXT2SONG_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "tests.acceptance.cheap", str(self.seconds)]
        everything = {**os.environ, **variables, **self.environment}
        with Path(self.studio.settings.data_dir, "workers.log").open("ab") as log:
            return subprocess.Popen(command, env=everything, stderr=log, stdout=log)


def wait_for(happens: Callable[[], bool], seconds: float) -> float:
    """Wait until it happens and return how long that took; a database that is away has not happened."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            if happens():
                return time.monotonic() - started
        except UnavailableError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"it did not happen within {seconds} s")
