"""Prompts over the wire."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from text2song.api.schemas.base import Instant, Outgoing


class PromptOut(Outgoing):
    """A prompt and the fields that came with it."""

    id: UUID
    text: str
    request: dict[str, Any]
    created_at: Instant


class GenreReadOut(Outgoing):
    """A genre of the taxonomy as the words were read."""

    name: str
    parents: list[str]
    weight: float


class SourceOut(Outgoing):
    """Where a value came from: the user, the words (which), or the style."""

    source: Literal["user", "words", "style"]
    words: str


class UnderstandingOut(Outgoing):
    """How each value is understood, as the composer will use it."""

    genres: list[GenreReadOut]
    moods: list[str]
    bpm: float
    tempo_word: str
    key: str
    time_signature: str
    duration_seconds: float
    instruments: list[str]
    without: list[str]
    vocals: str
    voice: str
    language: str
    structure: list[str]
    sources: dict[str, SourceOut]
    not_understood: list[str]


class PromptDetailsOut(PromptOut):
    """A prompt and how it is understood."""

    understanding: UnderstandingOut
