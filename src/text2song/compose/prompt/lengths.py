"""How long a song is when the user set no length: what the words say, what the lyrics need, what the style has."""

from __future__ import annotations

from text2song.compose.prompt.measures import StatedLength
from text2song.compose.words.form import words_seconds
from text2song.domain.context import Source
from text2song.domain.request import DURATION_SECONDS, CompositionRequest


def read_length(
    stated: StatedLength | None, lyrics: str | None, bar_seconds: float, usual: float
) -> tuple[float, Source, str]:
    """Return (seconds, source, the words that decided); `usual` is the style's own length.

    Where nobody asked for a length, lyrics get the bars they need.
    """
    if stated is not None and stated.bars:
        low, high = DURATION_SECONDS
        return min(max(stated.bars * bar_seconds, low), high), Source.WORDS, stated.words
    if stated is not None:
        return stated.seconds, Source.WORDS, stated.words
    needed = words_seconds(lyrics or "", bar_seconds, usual)
    return (usual, Source.STYLE, "") if needed is None else (needed, Source.WORDS, "lyrics")


def unmet_length(request: CompositionRequest, stated: StatedLength | None) -> tuple[str, ...]:
    """Return what to say of a length in the words that no song may have and that no field overrules."""
    return (stated.beyond,) if stated and stated.beyond and request.duration_seconds is None else ()
