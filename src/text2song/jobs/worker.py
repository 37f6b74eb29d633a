"""The worker loop: claim, work, report, until told to stop."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from text2song.domain.errors import UnavailableError
from text2song.jobs.bells import BATCH, GATHER_SECONDS
from text2song.jobs.claims import Claims
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.jobs.runner import Runner

#: Seconds between two looks at an empty queue where no bell rang: jobs that wait to be tried again ring none.
_IDLE_SECONDS = 1.0
#: Seconds that work may go on after its job was given back, before the process ends all the same.
LAST_SECONDS = 2.0
#: Seconds without a word after which work counts as hanging (the longest song says one every few seconds, and a store
#: that is away is waited for in words), seconds between two looks at that, and the status of a process that ends of it.
SILENCE_SECONDS = 900.0
_WATCH_SECONDS = 5.0
_HUNG = 3
#: Seconds between two tidyings after jobs.
_TIDY_SECONDS = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chores:
    """What a worker does around its jobs, by the use cases that know."""

    #: Soon after a job, and now and then while idle: removes what dead workers left.
    tidy: Callable[[], object]
    tidy_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Shift:
    """How a worker works: jobs at once, and the seconds they have when it is told to stop."""

    slots: int = 1
    drain_seconds: float = 0.0


class Departure:
    """How a worker goes: once, whichever of its threads comes to it first."""

    def __init__(self, jobs: JobQueue, heartbeat: Heartbeat, name: str) -> None:
        self._roster, self._heartbeat, self._name = Roster(jobs), heartbeat, name
        self._left = threading.Lock()

    def leave(self) -> None:
        """Stop the heartbeat and sign out; a database that is away finds out by the silence."""
        if not self._left.acquire(blocking=False):
            return
        self._heartbeat.stop()
        try:
            self._roster.sign_out(self._name)
        except UnavailableError as error:
            log.warning("the worker could not sign out", error=error.message)


def await_order(orders: queue.SimpleQueue[None], runner: Runner, departure: Departure) -> None:
    """Return when the worker is told to stop.

    Work that hangs would hold its slot for ever, its lease kept by the heartbeat, and a cancelled job would not notice:
    after `SILENCE_SECONDS` without a word the process ends, and its jobs go to whoever takes its place.
    """
    while True:
        try:
            orders.get(timeout=_WATCH_SECONDS)
        except queue.Empty:
            if runner.silence < SILENCE_SECONDS:
                continue
            log.warning("a job has said nothing for too long; the worker ends", seconds=round(runner.silence))
            departure.leave()
            os._exit(_HUNG)
        return


class Worker:
    """One worker process."""

    def __init__(
        self,
        jobs: JobQueue,
        runner: Runner,
        *,
        name: str,
        heartbeat: Heartbeat,
        chores: Chores,
        shift: Shift | None = None,
    ) -> None:
        self._queue = jobs
        self._runner = runner
        self._name = name
        self._heartbeat = heartbeat
        self._chores = chores
        self._shift = shift or Shift()
        self._closing = threading.Event()
        # A signal handler may put here whatever the interrupted code holds; setting an event could deadlock.
        self._orders: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._tidying = threading.Lock()
        self._departure = Departure(jobs, heartbeat, name)
        self._claims = Claims(jobs, runner, name)
        self._tidied = -float("inf")
        self._untidy = True

    def run(self) -> None:
        """Work until `stop`; the roster knows the worker meanwhile."""
        Roster(self._queue).sign_in(self._name)
        threading.Thread(target=self._drain, name="drain", daemon=True).start()
        log.info("worker ready", worker=self._name)
        others = [threading.Thread(target=self._loop, name=f"slot {n}") for n in range(1, self._shift.slots)]
        for other in others:
            other.start()
        self._loop()
        for other in others:
            other.join()
        self._departure.leave()
        log.info("worker stopped", worker=self._name)

    def stop(self) -> None:
        """Take no further job, and give back those not done in time; returns at once, safe in a signal handler."""
        self._orders.put(None)

    def _loop(self) -> None:
        while not self._closing.is_set():
            gathered = time.monotonic() + GATHER_SECONDS
            leases = self._next()
            self._run(leases)
            if leases:
                self._untidy = True
                self._gather(leases, gathered)
            else:
                self._queue.bell.wait(_IDLE_SECONDS)

    def _run(self, leases: list[Lease]) -> None:
        try:
            self._runner.run_all(leases, self._closing.is_set)
        except Exception:
            # A runner never raises; if it did, this slot would be gone for good and nobody would notice.
            log.exception("jobs could not be run", worker=self._name)
            self._claims.doubt()

    def _gather(self, leases: list[Lease], until: float) -> None:
        """Let further cheap jobs gather after some; a job that comes to an idle worker never waits for others."""
        if len(leases) < BATCH and leases[0].kind in self._queue.cheap:
            time.sleep(max(until - time.monotonic(), 0.0))

    def _next(self) -> list[Lease]:
        try:
            self._heartbeat.check()
            self._tidy()
            return self._claims.next()
        except UnavailableError as error:
            log.warning("the queue cannot be read", error=error.message)
        except Exception:
            # As above: no heartbeat could be started, for one. It is tried again.
            log.exception("no job could be claimed", worker=self._name)
        return []

    def _tidy(self) -> None:
        due = _TIDY_SECONDS if self._untidy else self._chores.tidy_seconds
        if time.monotonic() - self._tidied > due and self._tidying.acquire(blocking=False):
            try:
                self._tidied = time.monotonic()
                self._untidy = False
                self._chores.tidy()
            except Exception as error:  # noqa: BLE001 - what cannot be removed now hinders no job
                log.warning("what dead workers left cannot be removed now", error=str(error))
            finally:
                self._tidying.release()

    def _drain(self) -> None:
        """Once told to stop, let the running jobs end in time and give the rest back without waiting for the work."""
        await_order(self._orders, self._runner, self._departure)
        self._closing.set()
        self._queue.bell.ring()
        if self._runner.drain(self._shift.drain_seconds):
            return
        limit = time.monotonic() + LAST_SECONDS
        while self._runner.held:
            if time.monotonic() > limit:
                # Work that reports nothing for so long is cut off; its leavings are swept by the next worker.
                self._departure.leave()
                os._exit(0)
            time.sleep(0.02)
