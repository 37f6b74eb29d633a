"""Songs to edit, composed once for all tests."""

from __future__ import annotations

from functools import cache

from text2song.compose.engine import compose
from text2song.domain.composition import UnifiedComposition
from text2song.domain.request import CompositionRequest, GenreWeight

WORDS = """[Verse]
Rain on the window tonight
I am walking home alone
[Chorus]
Carry me over the water
Carry me back to the sea
"""


@cache
def finished(style: str = "pop", *, sung: bool = False, seconds: float = 60.0, seed: int = 7) -> UnifiedComposition:
    """Return a finished composition of a style."""
    request = CompositionRequest(
        "a song",
        seed=seed,
        duration_seconds=seconds,
        genres=(GenreWeight(style),),
        lyrics=WORDS if sung else None,
        vocals=sung,
    )
    return compose(request)
