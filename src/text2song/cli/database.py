"""`text2song db`: bring the database up to date or back, check it, keep all of a studio in one file and restore it."""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from text2song.cli.serve import read_settings
from text2song.domain.progress import Progress

_DataDir = Annotated[Path | None, typer.Option(help="Folder for the database and the sounds.")]
_MEBIBYTE = 1 << 20


def upgrade(data_dir: _DataDir = None) -> None:
    """Bring the database up to date with this version."""
    _upkeep().upgrade(read_settings(data_dir=data_dir))
    typer.echo("the database is up to date")


def downgrade(
    steps: Annotated[int, typer.Option(help="How many migrations to undo.", min=1, max=1000)] = 1,
    data_dir: _DataDir = None,
) -> None:
    """Undo the latest migrations, with the data that only they know; for the version before this one."""
    undone, left = _upkeep().downgrade(read_settings(data_dir=data_dir), steps)
    typer.echo(f"{undone} undone; the database is at {left or 'nothing'}")


def check(
    quick: Annotated[bool, typer.Option("--quick", help="Compare the lengths of files, not their content.")] = False,
    data_dir: _DataDir = None,
) -> int:
    """Check that every file is there and what it was, and that every song is whole; the status is 1 when not."""
    with _progress("checking") as progress:
        found = _upkeep().check(read_settings(data_dir=data_dir), deep=not quick, progress=progress)
    for trouble in found.troubles:
        typer.echo(trouble)
    rows = ", ".join(f"{number} {name}" for name, number in found.rows.items() if number)
    typer.echo(f"{rows}; {found.files} files, {found.unnamed} that no row names; {len(found.troubles)} troubles")
    return 1 if found.troubles else 0


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced at the end.")],
    data_dir: _DataDir = None,
) -> None:
    """Keep the whole studio in one file, while it goes on working."""
    with _progress("backup") as progress:
        kept = _upkeep().back_up(read_settings(data_dir=data_dir), file, progress)
    typer.echo(
        f"{sum(kept.rows.values())} rows and {kept.files} files ({kept.bytes / _MEBIBYTE:.1f} MiB) are in {file}"
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `text2song db backup` wrote.", exists=True, dir_okay=False)],
    data_dir: _DataDir = None,
) -> None:
    """Restore a studio from its file into an empty one, of whatever database and store."""
    with _progress("restore") as progress:
        kept = _upkeep().restore(read_settings(data_dir=data_dir), file, progress)
    typer.echo(
        f"{sum(kept.rows.values())} rows and {kept.files} files of {kept.created_at:%Y-%m-%d %H:%M} UTC are back"
    )


def _progress(title: str) -> AbstractContextManager[Progress]:
    shown: AbstractContextManager[Progress] = importlib.import_module("text2song.cli.progress").song_progress(title)
    return shown


def _upkeep() -> ModuleType:
    # A song made on the command line does not wait for the database's libraries.
    return importlib.import_module("text2song.cli.upkeep")
