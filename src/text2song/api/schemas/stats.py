"""Usage over the wire, spelled as the seed documents spell it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from text2song.api.schemas.base import Outgoing
from text2song.services.stats import Figures, Load, Stats

Percent = Field(default=None, ge=0, le=100)


class LoadOut(Outgoing):
    """How busy the machines were, percent; null where nobody looked, there is no GPU, or it is not yours to know."""

    cpu_usage: float | None = Percent
    cpu_usage_max: float | None = Percent
    memory_usage: float | None = Percent
    memory_usage_max: float | None = Percent
    gpu_usage: float | None = Percent
    gpu_usage_max: float | None = Percent


class FiguresOut(LoadOut):
    """What happened; a generation is a take, and a request that failed counts as many as it owed."""

    total_generations: int = Field(ge=0, description="Successful and failed.")
    successful_generations: int = Field(ge=0)
    failed_generations: int = Field(ge=0)
    cancelled_generations: int = Field(ge=0)
    success_rate: float | None = Field(ge=0, le=1, description="Of all that ended by themselves.")
    avg_generation_time: float | None = Field(description="Seconds.")
    avg_realtime_factor: float | None = Field(description="Seconds of music per second of making.")
    total_audio_seconds: float = Field(ge=0)
    total_size_mb: float = Field(ge=0, description="All files, in units of 1,000,000 bytes.")
    total_plays: int = Field(ge=0)
    total_play_seconds: float = Field(ge=0)
    total_downloads: int = Field(ge=0)
    total_favorites: int = Field(description="Marks set less marks taken back.")


class StatsDayOut(FiguresOut):
    """One day in UTC."""

    date: date


class GenreCountOut(Outgoing):
    """How many takes were of a genre."""

    genre: str
    count: int = Field(ge=1)


class StatsOut(FiguresOut):
    """The sums over some days, and each of them; songs that were removed since still count."""

    days: int = Field(ge=1, le=365)
    first_date: date = Field(examples=["2026-10-23"])
    last_date: date = Field(examples=["2026-11-21"])
    daily: list[StatsDayOut]
    top_genres: list[GenreCountOut]

    @classmethod
    def of(cls, stats: Stats) -> StatsOut:
        """Return the statistics as they are sent."""
        return cls(
            days=len(stats.days),
            first_date=stats.first,
            last_date=stats.last,
            daily=[StatsDayOut(date=day.day, **_plain(day.figures, day.load)) for day in stats.days],
            top_genres=[GenreCountOut(genre=genre, count=count) for genre, count in stats.genres],
            **_plain(stats.totals, stats.load),
        )


def _plain(figures: Figures, load: Load) -> dict[str, Any]:
    return {
        "total_generations": figures.generations,
        "successful_generations": figures.successful,
        "failed_generations": figures.failed,
        "cancelled_generations": figures.cancelled,
        "success_rate": figures.success_rate,
        "avg_generation_time": figures.generation_seconds,
        "avg_realtime_factor": figures.realtime_factor,
        "total_audio_seconds": round(figures.audio_seconds, 4),
        "total_size_mb": round(figures.bytes / 1e6, 6),
        "total_plays": figures.plays,
        "total_play_seconds": figures.play_seconds,
        "total_downloads": figures.downloads,
        "total_favorites": figures.favorites,
        "cpu_usage": load.cpu,
        "cpu_usage_max": load.cpu_highest,
        "memory_usage": load.memory,
        "memory_usage_max": load.memory_highest,
        "gpu_usage": load.gpu,
        "gpu_usage_max": load.gpu_highest,
    }
