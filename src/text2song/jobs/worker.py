"""The worker loop: claim, work, report, until told to stop."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from text2song.domain.errors import CancelledError, StudioError, UnavailableError
from text2song.domain.progress import Progress
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster

#: Seconds between two looks at an empty queue, and between two written progress reports.
_IDLE_SECONDS = 0.25
_REPORT_SECONDS = 0.2
#: Seconds that work may go on after its job was given back, before the process ends all the same.
_GRACE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Handler(Protocol):
    """Does one kind of job. Idempotent: it may run again after a worker died at any point of it."""

    def __call__(self, lease: Lease, progress: Progress, /) -> None:
        """Do the work and finish the job with `JobQueue.complete` in the transaction that stores the result."""


@dataclass(frozen=True, slots=True)
class Chores:
    """What a worker does around its jobs, by the use cases that know."""

    #: After each job and now and then while idle: removes what dead workers left.
    tidy: Callable[[], object]
    tidy_seconds: float = 30.0


class Worker:
    """One worker: one job at a time."""

    def __init__(
        self, jobs: JobQueue, handlers: Mapping[str, Handler], *, name: str, heartbeat: Heartbeat, chores: Chores
    ) -> None:
        self._queue = jobs
        self._handlers = handlers
        self._name = name
        self._heartbeat = heartbeat
        self._chores = chores
        self._stopping = threading.Event()
        # A signal handler may put here whatever the interrupted code holds; setting an event could deadlock.
        self._orders: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._lease: Lease | None = None
        self._tidied = -float("inf")

    def run(self) -> None:
        """Work until `stop`; the roster knows the worker meanwhile."""
        roster = Roster(self._queue)
        roster.sign_in(self._name)
        drain = threading.Thread(target=self._drain, daemon=True)
        drain.start()
        log.info("worker ready", worker=self._name)
        while not self._stopping.is_set():
            self._turn()
        self._heartbeat.stop()
        roster.sign_out(self._name)
        log.info("worker stopped", worker=self._name)

    def stop(self) -> None:
        """Take no further job and give the present one back; returns at once, safe in a signal handler."""
        self._orders.put(None)

    def _turn(self) -> None:
        try:
            if time.monotonic() - self._tidied > self._chores.tidy_seconds:
                self._tidy()
            lease = self._queue.claim(self._name)
        except UnavailableError as error:
            log.warning("the queue cannot be read", error=error.message)
            lease = None
        if lease is None:
            self._stopping.wait(_IDLE_SECONDS)
            return
        self._work(lease)
        self._tidied = -float("inf")

    def _work(self, lease: Lease) -> None:
        log.info("job started", job=str(lease.job_id), kind=lease.kind, token=lease.token)
        self._lease = lease
        self._heartbeat.beat_for(lease)
        try:
            self._handlers[lease.kind](lease, self._reporter(lease))
            log.info("job complete", job=str(lease.job_id))
        except CancelledError as error:
            log.info("job stopped", job=str(lease.job_id), reason=str(error))
        except StudioError as error:
            self._give_up(lease, error)
        except Exception:
            # The boundary of all work: a defect fails its job, with the trace in the log, and never the worker.
            log.exception("job failed", job=str(lease.job_id))
            self._queue.fail(lease, "internal", "something went wrong inside the studio; the log has the details")
        finally:
            self._lease = None
            self._heartbeat.beat_for(None)

    def _give_up(self, lease: Lease, error: StudioError) -> None:
        log.warning("job failed", job=str(lease.job_id), slug=error.slug, error=error.message)
        transient = isinstance(error, UnavailableError)
        (self._queue.retry if transient else self._queue.fail)(lease, error.slug, error.message)

    def _reporter(self, lease: Lease) -> Progress:
        return Reporter(self._queue, lease, self._stopping)

    def _tidy(self) -> None:
        self._tidied = time.monotonic()
        self._queue.sweep()
        self._chores.tidy()

    def _drain(self) -> None:
        """Once told to stop, give the job back without waiting for the work to notice."""
        self._orders.get()
        self._stopping.set()
        lease = self._lease
        if lease is not None:
            self._queue.release(lease)
            log.info("job given back", job=str(lease.job_id))
            time.sleep(_GRACE_SECONDS)
            if self._lease is lease:
                # Work that reports nothing for so long is cut off; its leavings are swept by the next worker.
                self._heartbeat.stop()
                os._exit(0)


class Reporter:
    """Progress that writes at most five times a second and tells the work when to stop."""

    def __init__(self, jobs: JobQueue, lease: Lease, stopping: threading.Event) -> None:
        self._queue = jobs
        self._lease = lease
        self._stopping = stopping
        self._written = -float("inf")
        self._furthest = 0.0

    def __call__(self, stage: str, fraction: float) -> None:
        """Report; raises `CancelledError` when the job was cancelled, lost, or the worker is told to stop."""
        if self._stopping.is_set():
            raise LeaseLostError("the worker was told to stop")
        # A bar that runs backwards confuses; takes and retries inside one run only ever add.
        self._furthest = max(self._furthest, fraction)
        if time.monotonic() - self._written < _REPORT_SECONDS:
            return
        self._written = time.monotonic()
        self._queue.renew(self._lease, stage, self._furthest)
