"""`text2song`: the command line. Bad input ends with one sentence and exit code 2, a failing part with 1."""

from __future__ import annotations

import sys

import click
import typer

from text2song import __version__
from text2song.cli.doctor import doctor
from text2song.cli.make import make
from text2song.cli.serve import serve, upgrade, worker
from text2song.cli.understand import understand
from text2song.domain.errors import CancelledError, StudioError, UnavailableError

app = typer.Typer(
    name="text2song",
    help="Describe a song, get it finished: arranged, sung, mixed, mastered, with stems and a score.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="Look after the studio's database.", no_args_is_help=True)
app.command()(make)
app.command(name="understand")(understand)
app.command()(serve)
app.command()(worker)
app.command()(doctor)
database.command()(upgrade)
app.add_typer(database, name="db")


@app.callback(invoke_without_command=True)
def root(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    """Describe a song, get it finished."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 bad input, 1 a part is missing or failed, 130 interrupted."""
    sys.exit(status(arguments))


def status(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.ClickException as error:
        return _complain(error.format_message(), 2)
    except StudioError as error:
        return _complain(error.message, 1 if isinstance(error, UnavailableError) else 2)
    except (KeyboardInterrupt, click.Abort, CancelledError):
        return _complain("stopped; nothing was left behind", 130)
    except OSError as error:
        return _complain(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), 1)
    return result if isinstance(result, int) else 0


def _complain(message: str, code: int) -> int:
    typer.echo(f"text2song: {message.strip()}", err=True)
    return code


if __name__ == "__main__":
    run()
