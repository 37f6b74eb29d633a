"""How a request reads: the composer's own reading of the words, before any note is made."""

from __future__ import annotations

from typing import Any

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.understanding import understand
from text2song.domain.context import CompositionContext
from text2song.domain.request import CompositionRequest


def read(request: CompositionRequest) -> CompositionContext:
    """Return the reading of a request; raises an `InvalidError` for the first value that cannot be played."""
    return read_prompt(request.validate())


def explain(request: CompositionRequest) -> dict[str, Any]:
    """Return each value as the composer will use it, and where it came from; raises as `read` does."""
    return understand(request)
