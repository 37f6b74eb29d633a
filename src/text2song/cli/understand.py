"""`text2song understand`: what the words mean, without a sound."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from text2song.compose.prompt.gaps import fill_gaps
from text2song.compose.prompt.sentences import installed_encoder
from text2song.compose.prompt.understanding import understand as understanding_of
from text2song.domain.request import CompositionRequest, seed_of


def understand(
    prompt: Annotated[str, typer.Argument(help="What the song should be, in your own words.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    seed: Annotated[int | None, typer.Option(help="As for `make`.")] = None,
    guess: Annotated[bool, typer.Option("--guess", help="As for `make`.")] = False,
) -> None:
    """Say how a prompt is read: every value the composer would use, and where it came from."""
    request = CompositionRequest(prompt, seed=seed_of(prompt) if seed is None else seed)
    found = understanding_of(fill_gaps(request, installed_encoder()) if guess else request)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    sources = found.get("sources", {})
    for name, value in found.items():
        if name != "sources":
            source = sources.get(name) if isinstance(sources, dict) else None
            typer.echo(f"{name.replace('_', ' '):>18}  {_plain(value)}{_origin(source)}")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value) or "–"
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values() if not isinstance(item, list))
    return "–" if value in (None, "") else str(value)


def _origin(source: object) -> str:
    if isinstance(source, dict):
        words = f" “{source['words']}”" if source.get("words") else ""
        return f"  ({source.get('source', '')}{words})"
    return f"  ({source})" if isinstance(source, str) else ""
