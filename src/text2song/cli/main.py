"""`text2song`: the command line. Bad input ends with one sentence and exit code 2, a failing part with 1."""

from __future__ import annotations

import re
import sys
from types import MappingProxyType

import typer

from text2song import __version__
from text2song.cli.commands import Commands
from text2song.cli.database import backup, check, downgrade, restore, upgrade
from text2song.cli.users import create_user
from text2song.domain.errors import CancelledError, StudioError, UnavailableError

#: How the option parser says that a text is no number.
_NO_NUMBER = re.compile(r"Input should be a valid (\w+), unable to parse string as an? \w+")
_NUMBERS = MappingProxyType({"number": "it must be a number", "integer": "it must be a whole number"})

app = typer.Typer(
    name="text2song",
    cls=Commands,
    help="Describe a song, get it finished: arranged, sung, mixed, mastered, with stems and a score.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="Look after the studio's database and files.", no_args_is_help=True)
database.command()(upgrade)
database.command()(downgrade)
database.command()(check)
database.command()(backup)
database.command()(restore)
database.command(name="create-user")(create_user)
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
    given = sys.argv[1:] if arguments is None else arguments
    try:
        result = app(args=given or ["--help"], standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.TyperException as error:
        return _complain(_usage(error), 2)
    except StudioError as error:
        return _complain(error.message, 1 if isinstance(error, UnavailableError) else 2)
    except (KeyboardInterrupt, typer.Abort, CancelledError):
        return _complain("stopped; nothing was left behind", 130)
    except OSError as error:
        return _complain(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), 1)
    return result if isinstance(result, int) else 0


def _usage(error: typer.TyperException) -> str:
    """A usage error in one line, naming the option at fault."""
    describe = getattr(error, "format_message", None)
    text = describe() if callable(describe) else str(error)
    plain = " ".join(str(text).split())
    return _NO_NUMBER.sub(lambda found: _NUMBERS.get(found[1], found[0]), plain)


def _complain(message: str, code: int) -> int:
    typer.echo(f"text2song: {message.strip()}", err=True)
    return code


if __name__ == "__main__":
    run()
