"""Who works: the worker processes that are alive, by their own heartbeats."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.statements import CLAIMED, lease_of
from text2song.storage.models import Job, JobStatus, Worker


def own_name() -> str:
    """Return a name for this process that no other process ever had: host, process id, random."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


class Roster:
    """Signs workers in and out; what a dead worker was doing goes back to the queue."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._sessions = queue.sessions

    def sign_in(self, name: str) -> None:
        """Enter a worker."""
        self.seen(name)

    def seen(self, name: str) -> None:
        """Note that a worker is alive; one that was taken for dead is entered again."""
        # The worker and its heartbeat may come to enter it at the same moment: then it is entered.
        with suppress(IntegrityError), self._sessions.write() as session:
            alive = update(Worker).where(Worker.name == name).values(seen_at=self._queue.now()).returning(Worker.id)
            if session.scalar(alive) is None:
                host, pid, _ = name.rsplit(":", 2)
                session.execute(insert(Worker).values(name=name, host=host, pid=int(pid), seen_at=self._queue.now()))

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
        for name in names:
            self.sign_out(name)

    def sweep(self) -> None:
        """Forget workers that have been silent for three leases; what they were doing is the sweeper's business."""
        silent = Worker.seen_at < self._queue.later(-3 * self._queue.lease_seconds)
        with self._sessions.read() as session:
            if session.scalar(select(Worker.id).where(silent).limit(1)) is None:
                return
        with self._sessions.write() as session:
            session.execute(delete(Worker).where(silent).execution_options(synchronize_session=False))

    def alive(self) -> int:
        """Return how many workers were seen within a lease."""
        since = self._queue.later(-self._queue.lease_seconds)
        with self._sessions.read() as session:
            return session.scalar(select(func.count()).select_from(Worker).where(Worker.seen_at >= since)) or 0

    def leases_of(self, name: str) -> tuple[Lease, ...]:
        """Return the leases that stand under a worker's name."""
        mine = select(*CLAIMED).where(Job.worker == name, Job.status == JobStatus.RUNNING)
        with self._sessions.read() as session:
            return tuple(lease_of(row, name) for row in session.execute(mine))

    def present(self) -> tuple[Worker, ...]:
        """Return the workers that were seen within three leases, the oldest first."""
        with self._sessions.read() as session:
            return tuple(session.scalars(select(Worker).order_by(Worker.created_at, Worker.id)))

    def retire_all(self) -> int:
        """Ask every worker that is there now to end after its jobs, and return how many there are."""
        with self._sessions.write() as session:
            asked = update(Worker).values(retiring=True).returning(Worker.id)
            return len(session.scalars(asked.execution_options(synchronize_session=False)).all())

    def is_retiring(self, name: str) -> bool:
        """Return whether that worker was asked to end."""
        with self._sessions.read() as session:
            return bool(session.scalar(select(Worker.retiring).where(Worker.name == name)))
