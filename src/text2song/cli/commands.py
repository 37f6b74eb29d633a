"""The commands, each imported when it is given: a server does not carry what makes songs, nor the other way round."""

from __future__ import annotations

import importlib
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperGroup

#: Command → the module in which it is a function of that name.
_MODULES = MappingProxyType(
    {
        "make": "make",
        "edit": "edit",
        "understand": "understand",
        "serve": "serve",
        "worker": "serve",
        "doctor": "doctor",
    }
)


class Commands(TyperGroup):
    """The group that knows its commands by name alone until one is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of the help."""
        return [*_MODULES, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command, or None when there is none of that name."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        function = getattr(importlib.import_module(f"text2song.cli.{module}"), cmd_name)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        alone.command(name=cmd_name)(function)
        return typer.main.get_command(alone)
