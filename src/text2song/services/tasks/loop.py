"""One worker of a studio: the queue's loop, our handlers, the signals that end it."""

from __future__ import annotations

import os
import signal
import sys
import threading

from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.roster import own_name
from text2song.jobs.runner import Handler, Runner
from text2song.jobs.worker import Chores, Shift, Worker
from text2song.providers.router import ProviderRouter
from text2song.services.studio import Studio
from text2song.services.submissions import COMPOSE, EDIT
from text2song.services.sweeping import Sweeper
from text2song.services.tasks.compose import ComposeTask
from text2song.services.tasks.edit import EditTask


def work(studio: Studio, router: ProviderRouter, *, supervised: bool = False) -> None:
    """Work over the providers given until SIGTERM or SIGINT, after which the present job has `drain_seconds`.

    A supervised worker ends as well when its standard input does.
    """
    name = own_name()
    heartbeat = Heartbeat(database_url=studio.database_url, lease_seconds=studio.settings.lease_seconds, worker=name)
    worker = Worker(
        studio.queue,
        Runner(studio.queue, handlers(studio, router)),
        name=name,
        heartbeat=heartbeat,
        chores=Chores(tidy=Sweeper(studio)),
        shift=Shift(slots=studio.settings.worker_slots, drain_seconds=studio.settings.drain_seconds),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    if supervised:
        threading.Thread(target=_stop_with_supervisor, args=(worker,), daemon=True).start()
    worker.run()


def handlers(studio: Studio, router: ProviderRouter) -> dict[str, Handler]:
    """Return what does each kind of job."""
    return {COMPOSE: ComposeTask(studio, router), EDIT: EditTask(studio, router)}


def _stop_with_supervisor(worker: Worker) -> None:
    # Nothing is ever written to the pipe: reading it returns when the other end is closed.
    os.read(sys.stdin.fileno(), 1)
    worker.stop()
