"""Starts and watches the worker process of an embedded studio."""

from __future__ import annotations

import os
import sys

from text2song.jobs.supervisor import Supervisor
from text2song.services.studio import Studio

#: Argument of a worker that ends when its standard input does.
SUPERVISED = "--supervised"
_COMMAND = (sys.executable, "-m", "text2song.services.worker", SUPERVISED)


def supervise_worker(studio: Studio, command: tuple[str, ...] = _COMMAND) -> Supervisor:
    """Start one worker with the studio's own settings; `Supervisor.stop` ends it."""
    settings = studio.settings.model_dump(mode="json")
    settings["data_dir"] = str(studio.settings.data_dir.resolve())
    environment = {f"TEXT2SONG_{name.upper()}": str(value) for name, value in settings.items()}
    return Supervisor(command, {**os.environ, **environment}, studio.roster)
