"""Files of users over the wire."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from text2song.api.schemas.base import Incoming, Instant, Outgoing

KindName = Literal["REFERENCE", "COVER", "OTHER"]


class UploadOut(Outgoing):
    """A file of a user."""

    id: UUID
    user_id: UUID
    kind: KindName
    original_filename: str = Field(examples=["demo.wav"])
    file_url: str = Field(description="Where its bytes are.", examples=["/api/v2/files/…/content"])
    file_size: int = Field(ge=0, description="Bytes.")
    media_type: str = Field(description="By the content, whatever the name says.", examples=["audio/wav"])
    sha256: str
    metadata: dict[str, Any] = Field(
        description="Of a sound its length and format, and once analysed its figures; of a picture its size.",
        examples=[{"duration_seconds": 61.2, "sample_rate": 44100, "channels": 2, "bpm": 96.0, "key": "A minor"}],
    )
    created_at: Instant


class Analyze(Incoming):
    """Which sound to listen to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"file_id": "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"}]})

    file_id: UUID = Field(strict=False, description="A file that was sent before.")


class AnalysisOut(Outgoing):
    """What a sound is like."""

    file_id: UUID
    duration_seconds: float
    bpm: float | None = Field(description="None where no beat is heard.", examples=[96.0])
    bpm_clarity: float = Field(description="Peak of the pulse spectrum over its median; below 4 there is no beat.")
    key: str | None = Field(description="None where nothing has a key.", examples=["A minor"])
    key_strength: float = Field(ge=-1, le=1)
    energy: float = Field(ge=0, le=1)
    energy_curve: list[float] = Field(description="The same of equal stretches: as `energy` of a request takes it.")
    loudness_lufs: float
    peak_dbfs: float
