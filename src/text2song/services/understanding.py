"""How a request reads: the composer's own reading of the words, before any note is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from text2song.domain.request import CompositionRequest
from text2song.domain.serial import to_plain


@dataclass(frozen=True, slots=True)
class Understood:
    """What the words and fields come to."""

    title: str
    duration_seconds: float


def read(request: CompositionRequest) -> Understood:
    """Return the reading of a request; raises an `InvalidError` for the first value that cannot be played."""
    request.validate()
    title = request.title or " ".join(request.prompt.split())[:60]
    return Understood(title, request.duration_seconds or 120.0)


def explain(request: CompositionRequest) -> dict[str, Any]:
    """Return each value as the composer will use it, and where it came from."""
    return {"request": to_plain(request)}
