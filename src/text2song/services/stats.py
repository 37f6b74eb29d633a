"""What was made, heard and taken home over a number of days, and how busy the machines were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta

from text2song.domain.errors import RefusedError
from text2song.domain.identity import ADMIN, Actor
from text2song.services.studio import Studio
from text2song.storage.models import JobStatus
from text2song.storage.repositories.jobs import EndedDay, JobRepository
from text2song.storage.repositories.usage import Happened, Looks, UsageRepository, Used

#: Genres that are named.
_GENRES = 20


class EveryonesStatsError(RefusedError):
    """What all users did is for those who look after the installation."""

    slug = "not-admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How busy the machines were, percent; None where nobody looked or there is no GPU."""

    cpu: float | None = None
    cpu_highest: float | None = None
    memory: float | None = None
    memory_highest: float | None = None
    gpu: float | None = None
    gpu_highest: float | None = None


_UNSEEN = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened; a generation is a take, and a request that failed counts as many as it owed."""

    generations: int
    successful: int
    failed: int
    cancelled: int
    #: Averages over the successful, None without any.
    generation_seconds: float | None
    realtime_factor: float | None
    audio_seconds: float
    bytes: int
    plays: int
    play_seconds: float
    downloads: int
    #: Marks set less marks taken back.
    favorites: int

    @property
    def success_rate(self) -> float | None:
        """Successful of all that ended by themselves, 0–1; None without any."""
        return self.successful / self.generations if self.generations else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsDay:
    """One day in UTC."""

    day: date
    figures: Figures
    load: Load


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """A number of days up to today, each of them, and their sums."""

    first: date
    last: date
    totals: Figures
    load: Load
    days: tuple[StatsDay, ...]
    #: Genres of takes with how many there were, the most frequent first.
    genres: tuple[tuple[str, int], ...]


def get_stats(studio: Studio, actor: Actor, *, days: int, everyone: bool = False) -> Stats:
    """Return the figures of the actor, or of all users, for the last `days` days in UTC, today the last of them.

    Raises `EveryonesStatsError` for those who may not see everyone's. The load of the machines is shown to the same.
    """
    if everyone and not actor.may(ADMIN):
        raise EveryonesStatsError("only those who look after the installation may see what everyone did")
    last = studio.queue.clock().astimezone(UTC).date()
    first = last - timedelta(days=days - 1)
    user_id = None if everyone else actor.user_id
    with studio.sessions.read() as session:
        usage = UsageRepository(session)
        used = usage.used(user_id, first, last)
        looks = usage.looks(first, last) if actor.may(ADMIN) else ()
        genres = usage.genres(user_id, first, last)
        ended = JobRepository(session).ended_by_day(user_id, datetime.combine(first, time(), UTC))
    return _stats(_Span(first, last), used, looks, [end for end in ended if first <= end.day <= last], genres)


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date

    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


def _stats(
    span: _Span,
    used: Sequence[Used],
    looks: Sequence[Looks],
    ended: Sequence[EndedDay],
    genres: Mapping[str, int],
) -> Stats:
    used_by_day = {row.day: row for row in used}
    looks_by_day = {row.day: row for row in looks}
    ends: dict[date, list[EndedDay]] = {}
    for end in ended:
        ends.setdefault(end.day, []).append(end)
    days = tuple(
        StatsDay(
            day=day,
            figures=_figures(used_by_day.get(day) or Used(day=day), ends.get(day, ())),
            load=_load(looks_by_day[day]) if day in looks_by_day else _UNSEEN,
        )
        for day in span.days()
    )
    return Stats(
        first=span.first,
        last=span.last,
        totals=_figures(_used_in_all(span.last, used), ended),
        load=_load(_looks_in_all(span.last, looks)),
        days=days,
        genres=tuple(sorted(genres.items(), key=lambda item: (-item[1], item[0]))[:_GENRES]),
    )


def _figures(used: Used, ended: Sequence[EndedDay]) -> Figures:
    failed = sum(end.takes for end in ended if end.status == JobStatus.FAILED)
    return Figures(
        generations=used.takes + failed,
        successful=used.takes,
        failed=failed,
        cancelled=sum(end.takes for end in ended if end.status == JobStatus.CANCELLED),
        generation_seconds=_mean(used.generation_seconds, used.takes),
        realtime_factor=_mean(used.realtime_factors, used.takes),
        audio_seconds=used.audio_seconds,
        bytes=used.bytes,
        plays=used.plays,
        play_seconds=used.play_seconds,
        downloads=used.downloads,
        favorites=used.favorites,
    )


def _load(looks: Looks) -> Load:
    return Load(
        cpu=_mean(looks.cpu_sum, looks.samples),
        cpu_highest=looks.cpu_max if looks.samples else None,
        memory=_mean(looks.memory_sum, looks.samples),
        memory_highest=looks.memory_max if looks.samples else None,
        gpu=_mean(looks.gpu_sum, looks.gpu_samples),
        gpu_highest=looks.gpu_max if looks.gpu_samples else None,
    )


def _used_in_all(day: date, rows: Sequence[Used]) -> Used:
    return Used(*(sum(getattr(row, field.name) for row in rows) for field in fields(Happened)), day=day)


def _looks_in_all(day: date, rows: Sequence[Looks]) -> Looks:
    return Looks(
        day,
        samples=sum(row.samples for row in rows),
        cpu_sum=sum(row.cpu_sum for row in rows),
        cpu_max=max((row.cpu_max for row in rows), default=0.0),
        memory_sum=sum(row.memory_sum for row in rows),
        memory_max=max((row.memory_max for row in rows), default=0.0),
        gpu_samples=sum(row.gpu_samples for row in rows),
        gpu_sum=sum(row.gpu_sum for row in rows),
        gpu_max=max((row.gpu_max for row in rows), default=0.0),
    )


def _mean(total: float, count: int) -> float | None:
    return total / count if count else None
