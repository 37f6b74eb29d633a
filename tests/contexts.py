"""A plain context for tests: what a song has that wishes for nothing in particular."""

from __future__ import annotations

from typing import Any

from text2song.domain.context import CompositionContext, Genre, Vocals
from text2song.domain.rational import Fraction
from text2song.domain.theory import Key, TimeSignature


def plain_context(**changes: Any) -> CompositionContext:
    """Return an instrumental pop song of 24 s in A minor at 120 bpm, but for the changes."""
    plain: dict[str, Any] = {
        "prompt": "p",
        "seed": 1,
        "title": "t",
        "genres": (Genre("pop", (), 1.0, "pop"),),
        "moods": (),
        "valence": 0.0,
        "arousal": 0.0,
        "bpm": Fraction(120),
        "tempo_word": "",
        "key": Key.parse("A minor"),
        "time_signature": TimeSignature(),
        "duration_seconds": 24.0,
        "instruments": (),
        "without": (),
        "vocals": Vocals.INSTRUMENTAL,
        "voice": "",
        "language": "en",
        "structure": (),
        "energy": (),
    }
    return CompositionContext(**(plain | changes))
