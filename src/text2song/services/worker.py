"""The worker process over the installed providers. Run as `python -m text2song.services.worker`."""

from __future__ import annotations

import os
import sys

import structlog

from text2song.domain.errors import StudioError
from text2song.logging import configure_logging
from text2song.services.makers import build_router
from text2song.services.studio import build_studio
from text2song.services.supervision import SUPERVISED
from text2song.services.tasks.kinds import handlers
from text2song.services.tasks.loop import work
from text2song.settings import Settings

#: Rendering yields to the API and to whatever else the machine does.
_NICE = 10


def run(settings: Settings, *, supervised: bool = False) -> None:
    """Work until told to stop by SIGTERM or SIGINT, after which the present job has `drain_seconds`.

    A supervised worker ends as well when its standard input does, which is when its supervisor is gone.
    """
    os.nice(_NICE)
    studio = build_studio(settings)
    retired = work(
        studio,
        handlers(
            studio,
            build_router(settings.soundfont, lyrics_url=settings.lyrics_url, lyrics_model=settings.lyrics_model),
        ),
        supervised=supervised,
    )
    studio.close()
    if retired and not supervised:
        # Nobody starts a successor for it, so it becomes its own: the program is read and the models load anew.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program


def main() -> None:
    """Read the settings and run."""
    settings = Settings()
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    try:
        run(settings, supervised=SUPERVISED in sys.argv)
    except StudioError as error:
        structlog.get_logger(__name__).error("the worker cannot start", slug=error.slug, error=error.message)
        sys.exit(2)


if __name__ == "__main__":
    main()
