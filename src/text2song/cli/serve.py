"""`text2song serve`, `worker` and `db upgrade`: the studio as a service."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from text2song.api.app import app_of
from text2song.api.server import bind
from text2song.api.server import serve as serve_studio
from text2song.audio.soundfont.library import find_soundfonts
from text2song.domain.errors import InvalidError
from text2song.logging import configure_logging
from text2song.services.studio import build_studio
from text2song.services.worker import run as run_worker
from text2song.settings import Settings


class InvalidSettingError(InvalidError):
    """A setting of the environment cannot be used."""

    slug = "invalid-setting"


_DataDir = Annotated[Path | None, typer.Option(help="Folder for the database and the sounds.")]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback only.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = None,
    data_dir: _DataDir = None,
) -> None:
    """Serve the studio: the page, the API and one worker, until Ctrl-C."""
    settings = read_settings(host=host, port=port, data_dir=data_dir)
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    # What the worker could not use is said here, once, instead of by a worker that dies at every start.
    find_soundfonts(settings.soundfont)
    # Then the port: a second studio on it must not touch the first one's database.
    with closing(bind(settings.host, settings.port)) as listener, closing(build_studio(settings)) as studio:
        serve_studio(app_of(studio), studio, listener, ready=_announce)


def worker(data_dir: _DataDir = None) -> None:
    """Run one more worker for the studio of this folder, until Ctrl-C."""
    settings = read_settings(data_dir=data_dir)
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    run_worker(settings)


def upgrade(data_dir: _DataDir = None) -> None:
    """Bring the database up to date with this version."""
    settings = read_settings(data_dir=data_dir)
    build_studio(settings).close()
    typer.echo("the database is up to date")


def read_settings(**changes: object) -> Settings:
    """Return the environment's settings with the command line's on top; raises `InvalidSettingError`."""
    given = {name: value for name, value in changes.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValueError as error:
        first: list[dict[str, Any]] = getattr(error, "errors", list)()
        where = ".".join(str(part) for part in first[0]["loc"]) if first else "a setting"
        name = f"TEXT2SONG_{where.upper()}" if f"TEXT2SONG_{where.upper()}" in os.environ else where
        reason = first[0]["msg"] if first else str(error)
        raise InvalidSettingError(f"{name} cannot be used: {reason}", field=where) from error


def _announce(address: str) -> None:
    typer.echo(f"Text2Song Studio is at {address} — Ctrl-C stops it.")
