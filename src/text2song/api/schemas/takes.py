"""Takes over the wire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from text2song.api.schemas.base import Instant, Outgoing


class FileOut(Outgoing):
    """One file of a take."""

    name: str = Field(examples=["song.flac", "stems/bass.flac", "score.mid"])
    bytes: int
    sha256: str
    media_type: str


class StemOut(Outgoing):
    """One stem as measured."""

    name: str
    instrument: str
    role: str
    lufs: float
    peak_dbfs: float
    sha256: str = Field(description="Of the 24-bit WAV that the composer wrote.")


class TakeOut(Outgoing):
    """One finished take."""

    id: UUID
    composition_id: UUID
    number: int
    seed: int
    provider: str
    device: str
    precision: str
    duration_seconds: float
    sample_rate: int
    channels: int
    generation_seconds: float
    realtime_factor: float
    size_bytes: int
    files: list[FileOut]
    stems: list[StemOut]
    peaks: list[float] = Field(description="Absolute peaks in 0–1 of equal stretches of the song.")
    play_count: int = Field(ge=0)
    download_count: int = Field(ge=0)
    favorite_count: int = Field(ge=0, description="People who marked it.")
    last_played: Instant | None
    is_favorited: bool = Field(description="By the one who asks.")
    created_at: Instant


class SectionOut(Outgoing):
    """A section of the song."""

    name: str
    kind: str
    energy: float
    bars: int
    start_seconds: float
    end_seconds: float


class ChordOut(Outgoing):
    """A chord and when it sounds."""

    symbol: str
    roman: str
    start_seconds: float
    end_seconds: float


class LyricLineOut(Outgoing):
    """A sung line and when it is sung."""

    text: str
    start_seconds: float
    end_seconds: float


class OutlineOut(Outgoing):
    """What a player shows under the waveform."""

    sections: list[SectionOut]
    chords: list[ChordOut]
    lyrics: list[LyricLineOut]
    lyrics_notes: list[str] = Field(
        default=[],
        description="What is not sung of the words, and why.",
        examples=[["1 of 3 lines fits this song; the others are not sung."]],
    )


class ReportOut(Outgoing):
    """Asked against measured, `report.json`."""

    asked: dict[str, Any]
    measured: dict[str, Any]
    passed: bool
    reasons: list[str]
    seconds: dict[str, float]
    realtime_factor: float
    loudness_lufs: float
    true_peak_dbtp: float
    energy_spearman: float | None
    stems_null_dbfs: float
    stems: list[StemOut]


class TakeDetailsOut(TakeOut):
    """One finished take with its outline and report."""

    title: str
    outline: OutlineOut
    report: ReportOut


class ComparedTakeOut(TakeOut):
    """One take beside others."""

    title: str
    prompt: str
    summary: dict[str, Any]
    loudness_lufs: float
    true_peak_dbtp: float
    gain_db: float = Field(le=0, description="What makes all of them equally loud when it is applied to each.")


class ComparisonOut(Outgoing):
    """Takes side by side, in the order asked."""

    samples: list[ComparedTakeOut]
