"""`text2song serve` and `worker`: the studio as a service."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from text2song.domain.errors import InvalidError
from text2song.settings import Settings


class InvalidSettingError(InvalidError):
    """A setting of the environment cannot be used."""

    slug = "invalid-setting"


_DataDir = Annotated[Path | None, typer.Option(help="Folder for the database and the sounds.")]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback only.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = None,
    data_dir: _DataDir = None,
    embedded_worker: Annotated[
        bool | None, typer.Option("--worker/--no-worker", help="Whether to run a worker beside the API.")
    ] = None,
) -> None:
    """Serve the studio: the page, the API and one worker, until Ctrl-C."""
    settings = read_settings(host=host, port=port, data_dir=data_dir, embedded_worker=embedded_worker)
    _studio().serve(settings)


def worker(
    data_dir: _DataDir = None,
    celery: Annotated[
        bool | None,
        typer.Option(
            "--celery/--no-celery",
            help="Answer rings over the Redis of TEXT2SONG_REDIS_URL, or claim jobs from the database; by default "
            "the first where that is set.",
        ),
    ] = None,
) -> None:
    """Run one more worker for the studio of this folder, until Ctrl-C."""
    settings = read_settings(data_dir=data_dir, redis_url="" if celery is False else None)
    if celery and not settings.redis_url:
        raise InvalidSettingError("--celery needs TEXT2SONG_REDIS_URL", field="redis_url")
    _studio().work(settings)


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


def _studio() -> ModuleType:
    # A song made on the command line does not wait for the web server's libraries.
    return importlib.import_module("text2song.cli.studio")
