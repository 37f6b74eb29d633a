"""The doorbell of several hosts: Celery over Redis or Valkey. Imported only where a Redis is configured.

A message says that one job waits and carries its id; whoever answers takes the next in line, so that priorities and
turns are the database's here too, and a message that comes twice, late or for a job that is done finds nothing to do.
Messages may be lost at any moment: the rows in the database are counted against the messages now and then, and what is
missing is rung again. Nothing is kept in Redis that matters.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from celery import Celery, signals
from celery.worker import state
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from text2song.domain.errors import UnavailableError
from text2song.jobs.bells import BATCH, Bell, Ringer
from text2song.jobs.claims import Claims
from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.roster import Roster
from text2song.jobs.runner import Runner
from text2song.jobs.worker import LAST_SECONDS, Chores, Departure, Shift, await_order

QUEUE = "text2song"
RING = "text2song.ring"
#: Seconds between two counts of rows against messages; what is missing at two of them is rung again.
_REMIND_SECONDS = 2.0
#: Seconds that Redis has to answer before it counts as away.
_REDIS_SECONDS = 2.0
#: Messages that are enough to keep all workers busy until the next count; no more are sent.
_ENOUGH = 5_000
#: Seconds a running message may be unacknowledged before Redis hands it out again: longer than any job, for a message
#: that is handed out while its job still runs is only a question asked for nothing.
_VISIBILITY_SECONDS = 4 * 3600

log = structlog.get_logger(__name__)


def celery_app(redis_url: str) -> Celery:
    """Return the Celery application that carries rings over that Redis."""
    app = Celery("text2song", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=_REDIS_SECONDS,
        broker_transport_options={
            "visibility_timeout": _VISIBILITY_SECONDS,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": _REDIS_SECONDS,
            "socket_timeout": 10 * _REDIS_SECONDS,
        },
    )
    return app


class Doorbell:
    """Rings at the hosts' Celery workers, and at whoever waits at the database's own bell."""

    def __init__(self, redis_url: str, inner: Bell) -> None:
        self._inner = inner
        self.app = celery_app(redis_url)
        self.redis = Redis.from_url(
            redis_url,
            socket_connect_timeout=_REDIS_SECONDS,
            socket_timeout=_REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._ringer = Ringer(self.publish)

    def ring(self, job_id: UUID | None = None, *, cheap: bool = False) -> None:
        """Have a message sent for that job; without one the count of rows against messages finds it."""
        self._inner.ring(job_id, cheap=cheap)
        if job_id is not None:
            self._ringer.ring(job_id, cheap=cheap)

    def wait(self, seconds: float) -> None:
        """Return when the database's bell rings or has rung since the last wait, or after `seconds`."""
        self._inner.wait(seconds)

    def close(self) -> None:
        """Send what is due and let go of Redis."""
        self._ringer.close()
        self._inner.close()
        self.app.close()
        self.redis.close()

    def publish(self, job_ids: Sequence[UUID | None]) -> None:
        """Send a message for each job; raises what Redis raises."""
        room = _ENOUGH - self.messages()
        with self.app.producer_or_acquire() as producer:
            for job_id in job_ids[: max(room, 0)]:
                self.app.send_task(RING, args=(str(job_id),), producer=producer, retry=False, ignore_result=True)

    def messages(self) -> int:
        """Return how many messages nobody has taken yet."""
        return int(self.redis.llen(QUEUE))


class Reminder:
    """Rings again for jobs whose message was lost."""

    def __init__(self, jobs: JobQueue, bell: Doorbell) -> None:
        self._jobs = jobs
        self._bell = bell
        self._missing = 0

    def remind(self) -> int:
        """Count once, and send what was missing at this count and at the one before; return how much."""
        if not self._bell.redis.set(f"{QUEUE}.reminding", 1, nx=True, px=round(500 * _REMIND_SECONDS)):
            # Another worker has just done it.
            return 0
        line = self._jobs.line(_ENOUGH)
        missing = len(line) - self._bell.messages()
        # One count alone would ring again for what is on its way at this moment.
        sure, self._missing = max(min(missing, self._missing), 0), missing
        if sure:
            log.info("ringing again", jobs=sure)
            self._bell.publish(line[:sure])
        return sure

    def run(self, stopped: threading.Event) -> None:
        """Remind until stopped."""
        while not stopped.wait(_REMIND_SECONDS):
            try:
                self.remind()
            except Exception as error:  # noqa: BLE001 - Celery's errors are of many families; what is missing is rung later
                log.warning("rows and messages cannot be counted", error=str(error).splitlines()[:1])


class CeleryWorker:
    """One worker process under Celery: the same claim, the same runner, jobs in threads."""

    def __init__(
        self,
        jobs: JobQueue,
        runner: Runner,
        *,
        name: str,
        heartbeat: Heartbeat,
        chores: Chores,
        shift: Shift,
    ) -> None:
        if not isinstance(jobs.bell, Doorbell):
            raise TypeError("a worker under Celery needs a queue with a doorbell")
        self._queue = jobs
        self._bell = jobs.bell
        self._runner = runner
        self._name = name
        self._heartbeat = heartbeat
        self._chores = chores
        self._shift = shift
        self._closing = threading.Event()
        self._orders: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._departure = Departure(jobs, heartbeat, name)
        self._claims = Claims(jobs, runner, name)

    def run(self) -> None:
        """Answer the bell until `stop`."""
        Roster(self._queue).sign_in(self._name)
        for target in (self._drain, self._tidy, lambda: Reminder(self._queue, self._bell).run(self._closing)):
            threading.Thread(target=target, daemon=True).start()
        signals.setup_logging.connect(_no_logging, weak=False)
        self._bell.app.task(name=RING)(self._answer)
        log.info("worker ready", worker=self._name)
        _worker_class(self._bell.app)(
            pool="threads",
            concurrency=self._shift.slots,
            without_mingle=True,
            without_gossip=True,
            without_heartbeat=True,
            quiet=True,
        ).start()
        self._departure.leave()
        log.info("worker stopped", worker=self._name)

    def stop(self) -> None:
        """Answer no more, and give back what is not done in time; returns at once, safe in a signal handler."""
        self._orders.put(None)

    def _answer(self, job_id: str) -> None:
        # One message stands for several cheap jobs; where they filled a claim there may be more.
        while len(leases := self._claim(job_id)) > 0:
            self._runner.run_all(leases, self._closing.is_set)
            if len(leases) < BATCH:
                return

    def _claim(self, job_id: str) -> list[Lease]:
        if self._closing.is_set():
            return []
        try:
            return self._claims.next()
        except UnavailableError as error:
            # The job is still in the database, and will be rung for again.
            log.warning("the queue cannot be read", job=job_id, error=error.message)
            return []

    def _tidy(self) -> None:
        while not self._closing.is_set():
            try:
                self._heartbeat.check()
                self._chores.tidy()
            except Exception as error:  # noqa: BLE001 - this thread keeps the heartbeat going, whatever a chore meets
                log.warning("what dead workers left cannot be removed now", error=str(error))
            self._closing.wait(self._chores.tidy_seconds)

    def _drain(self) -> None:
        await_order(self._orders, self._runner, self._departure)
        self._closing.set()
        self._runner.drain(self._shift.drain_seconds)
        # Celery's own word for: end in good order, now.
        state.should_stop = 0
        time.sleep(LAST_SECONDS)
        # Work that reports nothing, or a broker that is awaited, holds nobody up.
        self._departure.leave()
        os._exit(0)


def _no_logging(**_options: object) -> None:
    """Logging is set up already; Celery leaves it alone when anyone says so."""


def _worker_class(app: Celery) -> Any:
    class Quiet(app.Worker):  # type: ignore[misc]
        """Celery's worker without signal handlers of its own: the process has its own."""

        def install_platform_tweaks(self, worker: object) -> None:
            """Leave the process alone."""

    return Quiet
