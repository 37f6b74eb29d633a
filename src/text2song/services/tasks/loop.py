"""One worker of a studio: the queue's loop, our handlers, the signals that end it."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping

from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.relief import relieved
from text2song.jobs.roster import own_name
from text2song.jobs.runner import Handler, Runner
from text2song.jobs.worker import Chores, Shift, Worker
from text2song.services.machine import Machine, watched
from text2song.services.studio import Studio
from text2song.services.sweeping import Sweeper


def work(studio: Studio, tasks: Mapping[str, Handler], *, supervised: bool = False) -> bool:
    """Do those kinds of jobs until SIGTERM or SIGINT, after which the present ones have `drain_seconds`.

    Under Celery where the settings name a Redis. A supervised worker ends as well when its standard input does. Returns
    True when the worker was asked to make room for a successor, which it does after its jobs, however long they take.
    """
    name = own_name()
    heartbeat = Heartbeat(database_url=studio.database_url, lease_seconds=studio.settings.lease_seconds, worker=name)
    runner = Runner(studio.queue, tasks)
    # Celery is imported only where there is a Redis.
    answers = bool(studio.settings.redis_url)
    kind = importlib.import_module("text2song.jobs.doorbell").CeleryWorker if answers else Worker
    worker = kind(
        studio.queue,
        runner,
        name=name,
        heartbeat=heartbeat,
        chores=Chores(tidy=Sweeper(studio)),
        shift=Shift(slots=studio.settings.worker_slots, drain_seconds=studio.settings.drain_seconds),
    )

    def stop(*_signal: object) -> None:
        runner.patient = False
        worker.stop()

    def retire() -> None:
        runner.patient = True
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if supervised:
        threading.Thread(target=_stop_with_supervisor, args=(stop,), daemon=True).start()
    with watched(studio, Machine()), relieved(studio.roster, name, retire) as relief:
        worker.run()
    return relief.asked


def _stop_with_supervisor(stop: Callable[[], None]) -> None:
    # Nothing is ever written to the pipe: reading it returns when the other end is closed.
    os.read(sys.stdin.fileno(), 1)
    stop()
