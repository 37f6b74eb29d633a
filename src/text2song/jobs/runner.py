"""Runs claimed jobs to one of their ends; the same for a worker that claims by itself and for one under Celery."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog

from text2song.domain.errors import CancelledError, StudioError, UnavailableError
from text2song.domain.progress import Progress
from text2song.jobs import tracing
from text2song.jobs.ends import Done, Effect, end_alone, end_together
from text2song.jobs.leases import Lease, LeaseLostError
from text2song.jobs.queue import JobQueue, backoff_seconds
from text2song.storage.session import DatabaseUnavailableError

#: Seconds between two written progress reports.
_REPORT_SECONDS = 0.2
#: Seconds between two tries to say how a job ended to a database that is away.
_SETTLE_SECONDS = 1.0
#: Seconds that cheap work which is done may wait for more, to be ended with it.
_TOGETHER_SECONDS = 0.05

log = structlog.get_logger(__name__)


class Handler(Protocol):
    """Does one kind of job. Idempotent: it may run again after a worker died at any point of it."""

    def __call__(self, lease: Lease, progress: Progress, /) -> Effect | None:
        """Do the work and finish the job with `JobQueue.complete` in the transaction that stores the result.

        The handler of a kind that is cheap to the queue leaves the end to its runner, which ends many such jobs in one
        transaction, and returns what stores the result in there, or None where there is nothing to store.
        """


class Runner:
    """Runs jobs in the threads of its callers and knows which are running."""

    def __init__(self, jobs: JobQueue, handlers: Mapping[str, Handler]) -> None:
        self._queue = jobs
        self._handlers = handlers
        #: Whether a drain waits for as long as the jobs take; a plain flag, so that a signal handler may take it back.
        self.patient = False
        self._cut = threading.Event()
        self._lock = threading.Lock()
        self._held: dict[tuple[UUID, int], Lease] = {}
        #: When each of them was last heard of, by the monotonic clock.
        self._words: dict[tuple[UUID, int], float] = {}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of jobs that can be run here."""
        return frozenset(self._handlers)

    @property
    def held(self) -> tuple[Lease, ...]:
        """The jobs that run now."""
        with self._lock:
            return tuple(self._held.values())

    @property
    def silence(self) -> float:
        """Seconds for which nothing was heard of the job that has been silent longest; 0 where none runs."""
        with self._lock:
            return time.monotonic() - min(self._words.values()) if self._words else 0.0

    def run(self, lease: Lease) -> None:
        """Work on the job until it is complete, failed, given back or lost; never raises."""
        self.run_all([lease], lambda: False)

    def run_all(self, leases: Iterable[Lease], stopped: Callable[[], bool]) -> None:
        """Work on jobs that were claimed together, ending the cheap ones together; never raises.

        Once it is `stopped`, those not begun are given back, and what is done is ended.
        """
        waiting = deque(leases)
        while waiting and not stopped():
            if waiting[0].kind in self._queue.cheap:
                self._run_together(waiting, stopped)
            else:
                self._run_alone(waiting.popleft())
        for lease in waiting:
            self._give_back(lease)

    def _run_alone(self, lease: Lease) -> None:
        self._hold(lease)
        try:
            with tracing.running(lease):
                self._attempt(lease, lambda: self._handle(lease), "job complete")
        finally:
            self._let_go(lease)

    def _run_together(self, waiting: deque[Lease], stopped: Callable[[], bool]) -> None:
        """Work on the cheap jobs at the head, for a moment, and end them."""
        done: list[Done] = []
        limit = time.monotonic() + _TOGETHER_SECONDS
        while waiting and waiting[0].kind in self._queue.cheap and not stopped():
            done += self._work(waiting.popleft())
            if time.monotonic() > limit:
                break
        self._end(done)

    def _work(self, lease: Lease) -> list[Done]:
        """Do the work of a cheap job and return it; nothing when that came to no good end, which is settled."""
        self._hold(lease)
        span, effects = tracing.begun(lease), list[Effect | None]()
        with tracing.within(lease, span):
            if self._attempt(lease, lambda: effects.append(self._handle(lease)), "work done"):
                return [Done(lease, effects[0], span)]
        span.end()
        self._let_go(lease)
        return []

    def _end(self, done: Sequence[Done]) -> None:
        ended = end_together(self._queue, done) if done else frozenset()
        for one in done:
            with tracing.within(one.lease, one.span):
                if ended is None:
                    self._attempt(one.lease, partial(end_alone, self._queue, one), "job complete")
                elif (one.lease.job_id, one.lease.token) in ended:
                    log.info("job complete", job=str(one.lease.job_id))
                else:
                    log.info("job stopped", job=str(one.lease.job_id), reason="its lease was lost")
            one.span.end()
            self._let_go(one.lease)

    def _handle(self, lease: Lease) -> Effect | None:
        log.info("job started", job=str(lease.job_id), kind=lease.kind, token=lease.token)
        return self._handlers[lease.kind](lease, Reporter(self._queue, lease, self._cut, partial(self._hear, lease)))

    def _attempt(self, lease: Lease, action: Callable[[], object], word: str) -> bool:
        """Say the word when the action came to a good end, settle how the job ends when it did not; never raises."""
        try:
            action()
        except CancelledError as error:
            log.info("job stopped", job=str(lease.job_id), reason=str(error))
        except StudioError as error:
            self._give_up(lease, error)
        except Exception:
            # The boundary of all work: a defect fails its job, with the trace in the log, and never the worker.
            log.exception("job failed", job=str(lease.job_id))
            sentence = "something went wrong inside the studio; the log has the details"
            tracing.failed("internal")
            self._settle(lease, lambda: self._queue.fail(lease, "internal", sentence))
        else:
            log.info(word, job=str(lease.job_id))
            return True
        return False

    def _hold(self, lease: Lease) -> None:
        with self._lock:
            self._held[lease.job_id, lease.token] = lease
            self._words[lease.job_id, lease.token] = time.monotonic()

    def _hear(self, lease: Lease) -> None:
        with self._lock:
            self._words[lease.job_id, lease.token] = time.monotonic()

    def _let_go(self, lease: Lease) -> None:
        with self._lock:
            del self._held[lease.job_id, lease.token]
            del self._words[lease.job_id, lease.token]

    def drain(self, seconds: float) -> bool:
        """Wait that long for the running jobs, then give them back and have their work stop; True when none was left.

        While `patient`, the wait has not begun. The caller takes no further job before.
        """
        limit = time.monotonic() + seconds
        while self.held and (self.patient or time.monotonic() < limit):
            if self.patient:
                limit = time.monotonic() + seconds
            time.sleep(0.02)
        left = self.held
        self._cut.set()
        for lease in left:
            self._give_back(lease)
        return not left

    def _give_back(self, lease: Lease) -> None:
        try:
            self._queue.release(lease)
            log.info("job given back", job=str(lease.job_id))
        except UnavailableError as error:
            log.warning("job left to its lease", job=str(lease.job_id), error=error.message)

    def _give_up(self, lease: Lease, error: StudioError) -> None:
        log.warning("job failed", job=str(lease.job_id), slug=error.slug, error=error.message)
        tracing.failed(error.slug)
        if isinstance(error, DatabaseUnavailableError):
            # Not the job's fault, and not to be counted as one.
            pause = backoff_seconds(lease.losses)
            self._settle(lease, lambda: self._queue.lose(lease.job_id, lease.token, seconds=pause))
        elif isinstance(error, UnavailableError):
            self._settle(lease, lambda: self._queue.retry(lease, error.slug, error.message))
        else:
            self._settle(lease, lambda: self._queue.fail(lease, error.slug, error.message))

    def _settle(self, lease: Lease, end: Callable[[], bool]) -> None:
        """Write an end; while the database is away there is nothing better to do than to try again."""
        while True:
            self._hear(lease)
            try:
                end()
            except UnavailableError as error:
                log.warning("the database is away", error=error.message)
                if self._cut.wait(_SETTLE_SECONDS):
                    return
            else:
                return


def _unheard() -> None:
    """Hear nothing."""


class Reporter:
    """Progress that writes at most five times a second and tells the work when to stop."""

    def __init__(
        self, jobs: JobQueue, lease: Lease, cut: threading.Event, heard: Callable[[], object] = _unheard
    ) -> None:
        """`heard` is called at every word."""
        self._queue = jobs
        self._lease = lease
        self._cut = cut
        self._heard = heard
        self._written = -float("inf")
        self._furthest = 0.0

    def __call__(self, stage: str, fraction: float) -> None:
        """Report; raises `CancelledError` when the job was cancelled, lost, or the worker is told to stop."""
        self._heard()
        if self._cut.is_set():
            raise LeaseLostError("the worker was told to stop")
        # A bar that runs backwards confuses; takes and retries inside one run only ever add.
        self._furthest = max(self._furthest, fraction)
        if time.monotonic() - self._written < _REPORT_SECONDS:
            return
        self._written = time.monotonic()
        try:
            self._queue.renew(self._lease, stage, self._furthest)
        except UnavailableError as error:
            # The work is worth more than a word about it; if the lease is lost meanwhile, its end will be refused.
            log.warning("progress could not be written", job=str(self._lease.job_id), error=error.message)
