"""Running the studio from the command line: what needs the web server and the database.

Imported when such a command is given and not before: these libraries take two seconds, for which no song should wait.
"""

from __future__ import annotations

import importlib
import os
import socket
from contextlib import closing
from types import ModuleType

import typer

from text2song.api.app import app_of
from text2song.api.server import bind, inherited
from text2song.api.server import serve as serve_studio
from text2song.logging import configure_logging
from text2song.services.accounts import NewUser, create_user
from text2song.services.studio import build_studio
from text2song.settings import Settings


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C. Raises what a broken setting, a taken port or an unwritable folder raises."""
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    # What the worker could not use is said here, once, instead of by a worker that dies at every start.
    if settings.soundfont:
        _rendering("audio.soundfont.library").find_soundfonts(settings.soundfont)
    # Then the port: a second studio on it must not touch the first one's database.
    with (
        closing(_listener(settings)) as listener,
        closing(build_studio(settings)) as studio,
    ):
        serve_studio(app_of(studio), studio, listener, ready=_announce)


def work(settings: Settings) -> None:
    """Run one worker until Ctrl-C."""
    configure_logging(json=settings.log_format == "json", level=settings.log_level)
    _rendering("services.worker").run(settings)


def add_user(settings: Settings, new: NewUser) -> str:
    """Make an account and return its address; raises what a wrong address, a taken one or a weak password raises."""
    with closing(build_studio(settings)) as studio:
        return str(create_user(studio, new).email)


def _listener(settings: Settings) -> socket.socket:
    everywhere = settings.mode == "server"
    held = inherited(os.environ, os.getpid(), everywhere=everywhere)
    return bind(settings.host, settings.port, everywhere=everywhere) if held is None else held


def _rendering(module: str) -> ModuleType:
    # Compiled kernels and signal processing are 130 MB that a process which only answers does not carry.
    return importlib.import_module(f"text2song.{module}")


def _announce(address: str) -> None:
    typer.echo(f"Text2Song Studio is at {address} — Ctrl-C stops it.")
