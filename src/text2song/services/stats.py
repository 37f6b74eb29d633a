"""What was made, heard and taken home over a number of days, and how busy the machines were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from text2song.domain.errors import RefusedError
from text2song.domain.identity import ADMIN, Actor
from text2song.services.studio import Studio
from text2song.storage.models import SYSTEM_ID, JobStatus, UsageDay
from text2song.storage.repositories.jobs import EndedDay, JobRepository
from text2song.storage.repositories.usage import UsageRepository

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
        used = usage.days(user_id, first, last)
        machines = usage.days(SYSTEM_ID, first, last) if actor.may(ADMIN) else ()
        ended = JobRepository(session).ended_by_day(user_id, datetime.combine(first, time(), UTC))
    return _stats(first, last, used, {row.day: row for row in machines}, ended)


def _stats(
    first: date,
    last: date,
    used: Sequence[UsageDay],
    machines: Mapping[date, UsageDay],
    ended: Sequence[EndedDay],
) -> Stats:
    calendar = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows: dict[date, list[UsageDay]] = {day: [] for day in calendar}
    for row in used:
        rows[row.day].append(row)
    ends: dict[date, list[EndedDay]] = {day: [] for day in calendar}
    for end in ended:
        if end.day in ends:
            ends[end.day].append(end)
    genres: Counter[str] = Counter()
    for row in used:
        genres.update(row.genres)
    days = tuple(
        StatsDay(
            day=day,
            figures=_figures(rows[day], ends[day]),
            load=_load([machines[day]] if day in machines else []),
        )
        for day in calendar
    )
    return Stats(
        first=first,
        last=last,
        totals=_figures(used, [end for day in calendar for end in ends[day]]),
        load=_load(list(machines.values())),
        days=days,
        genres=tuple(sorted(genres.items(), key=lambda item: (-item[1], item[0]))[:_GENRES]),
    )


def _figures(used: Sequence[UsageDay], ended: Sequence[EndedDay]) -> Figures:
    takes = sum(row.takes for row in used)
    failed = sum(end.takes for end in ended if end.status == JobStatus.FAILED)
    return Figures(
        generations=takes + failed,
        successful=takes,
        failed=failed,
        cancelled=sum(end.takes for end in ended if end.status == JobStatus.CANCELLED),
        generation_seconds=_mean(sum(row.generation_seconds for row in used), takes),
        realtime_factor=_mean(sum(row.realtime_factors for row in used), takes),
        audio_seconds=sum(row.audio_seconds for row in used),
        bytes=sum(row.bytes for row in used),
        plays=sum(row.plays for row in used),
        play_seconds=sum(row.play_seconds for row in used),
        downloads=sum(row.downloads for row in used),
        favorites=sum(row.favorites for row in used),
    )


def _load(rows: Sequence[UsageDay]) -> Load:
    looks = sum(row.samples for row in rows)
    gpu_looks = sum(row.gpu_samples for row in rows)
    return Load(
        cpu=_mean(sum(row.cpu_sum for row in rows), looks),
        cpu_highest=max((row.cpu_max for row in rows), default=None) if looks else None,
        memory=_mean(sum(row.memory_sum for row in rows), looks),
        memory_highest=max((row.memory_max for row in rows), default=None) if looks else None,
        gpu=_mean(sum(row.gpu_sum for row in rows), gpu_looks),
        gpu_highest=max((row.gpu_max for row in rows), default=None) if gpu_looks else None,
    )


def _mean(total: float, count: int) -> float | None:
    return total / count if count else None
