"""The worker process. Run as `python -m text2song.services.worker`, or `text2song worker`."""

from __future__ import annotations

import os
import signal

from text2song.jobs.heartbeat import Heartbeat
from text2song.jobs.roster import own_name
from text2song.jobs.worker import Chores, Worker
from text2song.logging import configure_logging
from text2song.providers.router import ProviderRouter
from text2song.services.makers import build_router
from text2song.services.studio import Studio, build_studio
from text2song.services.submissions import COMPOSE
from text2song.services.sweeping import sweep
from text2song.services.tasks.compose import ComposeTask
from text2song.settings import Settings

#: Rendering yields to the API and to whatever else the machine does.
_NICE = 10


def run(settings: Settings) -> None:
    """Work until told to stop by SIGTERM or SIGINT, which give the present job back at once."""
    os.nice(_NICE)
    studio = build_studio(settings)
    work(studio, build_router(settings.soundfont))
    studio.close()


def work(studio: Studio, router: ProviderRouter) -> None:
    """Run one worker over the providers given."""
    name = own_name()
    heartbeat = Heartbeat(database_url=studio.database_url, lease_seconds=studio.settings.lease_seconds, worker=name)
    worker = Worker(
        studio.queue,
        {COMPOSE: ComposeTask(studio, router)},
        name=name,
        heartbeat=heartbeat,
        chores=Chores(tidy=lambda: sweep(studio)),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    worker.run()


def main() -> None:
    """Read the settings and run."""
    settings = Settings()
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    run(settings)


if __name__ == "__main__":
    main()
