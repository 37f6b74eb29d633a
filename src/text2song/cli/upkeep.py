"""Looking after a studio from the command line; imported when such a command is given and not before."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from text2song.domain.progress import Progress
from text2song.logging import configure_logging
from text2song.services import backups, checking
from text2song.services.backups import Contents
from text2song.services.checking import Findings
from text2song.services.studio import build_studio, database_url
from text2song.settings import Settings
from text2song.storage import dumping, schema
from text2song.storage.engine import make_engine


def upgrade(settings: Settings) -> None:
    """Bring the database up to date."""
    build_studio(settings).close()


def downgrade(settings: Settings, steps: int) -> tuple[int, str | None]:
    """Undo migrations; return how many, and the one that is the latest now."""
    engine = make_engine(database_url(settings))
    undone = 0
    while undone < steps and schema.downgrade(engine):
        undone += 1
    left = dumping.revision(engine)
    engine.dispose()
    return undone, left


def check(settings: Settings, *, deep: bool, progress: Progress) -> Findings:
    """Check the studio."""
    configure_logging(json=False, level="ERROR")
    with closing(build_studio(settings)) as studio:
        return checking.check(studio, deep=deep, progress=progress)


def back_up(settings: Settings, target: Path, progress: Progress) -> Contents:
    """Write the studio to a file."""
    with closing(build_studio(settings)) as studio:
        return backups.back_up(studio, target, progress)


def restore(settings: Settings, source: Path, progress: Progress) -> Contents:
    """Read the studio from a file."""
    with closing(build_studio(settings)) as studio:
        return backups.restore(studio, source, progress)
