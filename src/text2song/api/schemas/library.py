"""Takes as the library lists them, spelled as the seed documents spell a generation."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from text2song.api.schemas.base import Incoming, Instant, Outgoing

TakeId = Annotated[UUID, Field(strict=False, description="Id of the take.", examples=[UUID(int=0x019AB0 << 104)])]


class RecordOut(Outgoing):
    """One finished take: what it is, how it was made, how often it was heard."""

    generation_id: UUID = Field(description="Id of the take.")
    composition_id: UUID
    number: int = Field(description="Of the take within its song.")
    title: str
    prompt: str
    genres: list[str]
    status: Literal["COMPLETE"] = "COMPLETE"
    provider: str
    device: str = Field(examples=["cpu"])
    precision: str = Field(examples=["float32"])
    seed: int
    generation_time: float = Field(description="Seconds of making.")
    realtime_factor: float = Field(description="Seconds of music per second of making.")
    audio_url: str
    file_size_mb: float = Field(description="Of the file at `audio_url`, in units of 1,000,000 bytes.")
    duration: float = Field(description="Seconds.")
    sample_rate: int = Field(examples=[44_100])
    channels: int
    play_count: int = Field(ge=0)
    download_count: int = Field(ge=0)
    favorite_count: int = Field(ge=0, description="People who marked it.")
    is_favorited: bool = Field(description="By the one who asks.")
    public: bool
    last_played: Instant | None
    created_at: Instant


class TrackPlay(Incoming):
    """A listening to report."""

    generation_id: TakeId
    play_duration: float | None = Field(
        default=None, ge=0, le=86_400, allow_inf_nan=False, description="Seconds listened.", examples=[42.5]
    )


class PlayedOut(Outgoing):
    """How often the take was played by now."""

    generation_id: UUID
    play_count: int = Field(ge=1)
    last_played: Instant


class FavoriteToggle(Incoming):
    """A take to mark, or to take the mark from."""

    generation_id: TakeId
    is_favorited: bool | None = Field(
        default=None, description="Leave it out to toggle; say what it should be, and sending it twice does no harm."
    )


class FavoriteOut(Outgoing):
    """Whether the take is now marked."""

    generation_id: UUID
    is_favorited: bool = Field(examples=[True])
    favorite_count: int = Field(ge=0, examples=[3], description="People who marked it.")
