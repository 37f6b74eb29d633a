"""`text2song db create-user`: accounts made by whoever runs the studio."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from text2song.cli.serve import read_settings
from text2song.domain.identity import Plan


def create_user(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Option(help="What the person is called.")] = "",
    plan: Annotated[Plan, typer.Option(help="The plan that the account is on.")] = Plan.FREE,
    admin: Annotated[bool, typer.Option("--admin", help="May look after the installation.")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
    ] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for the database and the sounds.")] = None,
) -> None:
    """Make an account; its address counts as verified."""
    settings = read_settings(data_dir=data_dir)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    accounts = importlib.import_module("text2song.services.accounts")
    new = accounts.NewUser(email, password, name, plan, is_admin=admin, is_verified=True)
    # A song made on the command line does not wait for the web server's libraries.
    made = importlib.import_module("text2song.cli.studio").add_user(settings, new)
    typer.echo(f"{made} can sign in")
