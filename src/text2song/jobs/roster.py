"""Who works: the worker processes that are alive, by their own heartbeats."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from text2song.jobs.queue import JobQueue
from text2song.storage.models import Worker


def own_name() -> str:
    """Return a name for this process that no other process ever had: host, process id, random."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


class Roster:
    """Signs workers in and out; a silent or dead worker's jobs go back to the queue."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._sessions = queue.sessions

    def sign_in(self, name: str) -> None:
        """Enter a worker."""
        host, pid, _ = name.rsplit(":", 2)
        with self._sessions.write() as session:
            session.add(Worker(name=name, host=host, pid=int(pid), seen_at=self._queue.clock()))

    def seen(self, name: str) -> None:
        """Note that a worker is alive."""
        with self._sessions.write() as session:
            session.execute(update(Worker).where(Worker.name == name).values(seen_at=self._queue.clock()))

    def sign_out(self, name: str) -> None:
        """Remove a worker that is gone; whatever it was doing goes back to the queue at once."""
        self._queue.lose_all_of(name)
        with self._sessions.write() as session:
            session.execute(delete(Worker).where(Worker.name == name))

    def sign_out_process(self, pid: int) -> None:
        """The same for a process of this host that has died."""
        with self._sessions.read() as session:
            here = (Worker.pid == pid, Worker.host == socket.gethostname()[:60])
            names = session.scalars(select(Worker.name).where(*here)).all()
        self._sign_out(names)

    def sweep(self) -> None:
        """Remove workers that have been silent for three leases."""
        limit = self._queue.clock() - timedelta(seconds=3 * self._queue.lease_seconds)
        with self._sessions.read() as session:
            names = session.scalars(select(Worker.name).where(Worker.seen_at < limit)).all()
        self._sign_out(names)

    def alive(self) -> int:
        """Return how many workers were seen within a lease."""
        limit = self._queue.clock() - timedelta(seconds=self._queue.lease_seconds)
        with self._sessions.read() as session:
            return len(session.scalars(select(Worker.id).where(Worker.seen_at >= limit)).all())

    def _sign_out(self, names: Sequence[str]) -> None:
        for name in names:
            self.sign_out(name)
