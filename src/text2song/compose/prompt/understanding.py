"""What the studio understood of a request, as `text2song understand --json` prints it."""

from __future__ import annotations

from typing import Any

from text2song.compose.prompt.reader import read_prompt
from text2song.domain.context import CompositionContext
from text2song.domain.instruments import catalogue
from text2song.domain.request import CompositionRequest


def understand(request: CompositionRequest) -> dict[str, Any]:
    """Return the reading of a request as JSON types, in the field's usual spelling.

    Raises what `CompositionRequest.validate` and `read_prompt` raise.
    """
    return described(read_prompt(request.validate()))


def described(context: CompositionContext) -> dict[str, Any]:
    """Return a context as the same JSON types."""
    return {
        "genres": [
            {"name": genre.name, "parents": list(genre.parents), "weight": round(genre.weight, 4)}
            for genre in context.genres
        ],
        "moods": list(context.moods),
        "bpm": _number(float(context.bpm)),
        "tempo_word": context.tempo_word,
        "key": context.key.name,
        "time_signature": context.time_signature.name,
        "duration_seconds": _number(context.duration_seconds),
        "instruments": [catalogue()[id_].name for id_ in context.instruments],
        "without": [_spelled(name) for name in context.without],
        "vocals": context.vocals.value,
        "voice": context.voice,
        "language": context.language,
        "structure": list(context.structure),
        "sources": {
            field: {"source": reading.source.value, "words": reading.words}
            for field, reading in sorted(context.sources.items())
        },
        "not_understood": list(context.not_understood),
    }


def _spelled(name: str) -> str:
    return catalogue()[name].name if name in catalogue() else name.replace("_", " ")


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else round(value, 4)
