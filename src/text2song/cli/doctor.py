"""`text2song doctor`: what this installation has, and what would make it better."""

from __future__ import annotations

import platform
import shutil
from importlib import resources

import typer

from text2song import __version__
from text2song.audio.soundfont.library import find_soundfonts
from text2song.audio.voice.singer import installed_sources
from text2song.cli.serve import read_settings
from text2song.compose.style import style_names
from text2song.domain.errors import StudioError
from text2song.domain.instruments import catalogue


def doctor() -> int:
    """Say what is there and what is missing; the exit status is 1 when a song could not be made."""
    settings = read_settings()
    typer.echo(f"text2song {__version__}, Python {platform.python_version()} on {platform.machine()}")
    typer.echo(f"composer   {len(style_names())} styles, {len(catalogue())} instruments")
    healthy = _soundfonts(settings.soundfont)
    voices = ", ".join(source.name for source in installed_sources() if source.installed())
    typer.echo(f"voice      English words are sung; by preference: {voices}")
    page = resources.files("text2song.api").joinpath("static", "index.html")
    typer.echo(f"web page   {'built' if page.is_file() else 'not built; run make web'}")
    data = settings.data_dir.resolve()
    free = shutil.disk_usage(next(folder for folder in (data, *data.parents) if folder.exists())).free
    typer.echo(f"data       {data} ({free / 2**30:.1f} GiB free)")
    return 0 if healthy else 1


def _soundfonts(setting: str) -> bool:
    try:
        fonts = find_soundfonts(setting)
    except StudioError as error:
        typer.echo(f"soundfont  {error.message}")
        return False
    names = ", ".join(font.name for font in fonts) or "none; the synthesisers play everything"
    typer.echo(f"soundfont  {names}")
    return True
