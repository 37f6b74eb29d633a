"""Workers and providers over the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from text2song.api.schemas.base import Instant, Outgoing


class WorkerOut(Outgoing):
    """One worker process; its models are as old as it is."""

    name: str | None = Field(description="Host and process; for those who look after the installation.")
    state: Literal["IDLE", "BUSY", "DRAINING"]
    running: int = Field(ge=0, description="Jobs.")
    started_at: Instant
    seen_at: Instant


class ModelStatusOut(Outgoing):
    """Whether songs can be made now."""

    status: Literal["READY", "RELOADING", "UNAVAILABLE"]
    model_loaded: bool
    workers: list[WorkerOut]
    queued: int = Field(ge=0)
    running: int = Field(ge=0)


class ReloadOut(Outgoing):
    """The receipt of a reload."""

    status: Literal["RELOADING", "UNAVAILABLE"]
    workers: int = Field(ge=0, examples=[2], description="Workers that make room when their jobs are done.")


class ProviderOut(Outgoing):
    """A maker of songs, and what it can do."""

    name: str = Field(examples=["composer"])
    description: str
    available: bool
    reason: str = Field(description="Why it is not available.")
    devices: list[str] = Field(examples=[["cpu"]])
    precisions: list[str] = Field(examples=[["float32"]])
    adapters: list[str]
    sampling: bool = Field(description="Whether it reads temperature, top_k and guidance.")
    min_duration: float = Field(description="Seconds.")
    max_duration: float = Field(description="Seconds.")
