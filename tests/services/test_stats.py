"""The figures equal the rows, day by day in UTC, on both databases."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER, READ, Actor, Plan
from text2song.domain.request import CompositionRequest
from text2song.jobs.queue import JobQueue
from text2song.services.compositions import delete_composition
from text2song.services.jobs import cancel_job
from text2song.services.library import download, list_recent, mark_favorite, track_play
from text2song.services.stats import EveryonesStatsError, get_stats
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.storage.models import Composition, Favorite, Job, JobStatus, Play, Take
from text2song.storage.repositories.usage import SystemLoad, UsageRepository

OTHER = Actor(UUID(int=7), frozenset({READ}), Plan.FREE)
LAST = datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = LAST - timedelta(days=6)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def studio(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path / "data", database_url=database_url)
    yield replace(made, queue=JobQueue(made.sessions, lease_seconds=10, clock=clock))
    made.close()


def order(studio: Studio, actor: Actor, samples: int = 1) -> UUID:
    request = CompositionRequest(prompt="a tone")
    return submit(studio, actor, request, Options(num_samples=samples), seeded=True).job_id


def live(studio: Studio, actor: Actor, chance: random.Random) -> None:
    """One day of somebody: songs that are made, fail or are cancelled, plays, marks, downloads."""
    for _ in range(2):
        order(studio, actor, chance.randint(1, 2))
        run_next_job(studio, FakeProvider())
    for samples in (1, 2):
        order(studio, actor, samples)
        lease = studio.queue.claim("w")
        assert lease is not None
        studio.queue.fail(lease, "internal", "no")
    cancel_job(studio, actor, order(studio, actor))
    takes = list_recent(studio, actor, limit=9)
    for take in takes:
        for _ in range(chance.randint(0, 2)):
            track_play(studio, actor, take.generation_id, chance.choice([None, 1.25]))
        mark_favorite(studio, actor, take.generation_id)
    download(studio, actor, takes[0].generation_id, "song.mp3")


def test_figures_equal_a_recount_of_the_rows(studio: Studio, clock: Clock) -> None:
    chance = random.Random(5)  # noqa: S311 - which days are how busy
    for _ in range(3):
        live(studio, LOCAL_OWNER, chance)
        live(studio, OTHER, chance)
        clock.now += timedelta(days=2)
    clock.now = max(clock.now, LAST)
    mine, theirs = get_stats(studio, LOCAL_OWNER, days=30), get_stats(studio, OTHER, days=30)
    both = get_stats(studio, LOCAL_OWNER, days=30, everyone=True)
    with studio.sessions.read() as session:
        for stats, actor in ((mine, LOCAL_OWNER), (theirs, OTHER)):
            takes = session.scalars(select(Take).where(Take.user_id == actor.user_id)).all()
            jobs = session.scalars(select(Job).where(Job.user_id == actor.user_id)).all()
            plays = session.scalars(select(Play).join(Take).where(Take.user_id == actor.user_id)).all()
            marks = session.scalars(select(Favorite).where(Favorite.user_id == actor.user_id)).all()
            owed = {
                end: sum(len(job.payload["takes"]) for job in jobs if job.status == end)
                for end in (JobStatus.FAILED, JobStatus.CANCELLED)
            }
            totals = stats.totals
            assert (totals.successful, totals.failed) == (len(takes), owed[JobStatus.FAILED]) > (0, 0)
            assert totals.generations == len(takes) + owed[JobStatus.FAILED]
            assert totals.cancelled == owed[JobStatus.CANCELLED] == 3
            assert totals.success_rate == pytest.approx(len(takes) / (len(takes) + 9))
            assert totals.generation_seconds == pytest.approx(
                sum(take.generation_seconds for take in takes) / len(takes)
            )
            assert totals.realtime_factor == pytest.approx(sum(take.realtime_factor for take in takes) / len(takes))
            assert totals.audio_seconds == pytest.approx(sum(take.duration_seconds for take in takes))
            assert totals.bytes == sum(take.size_bytes for take in takes)
            assert totals.plays == len(plays) == sum(take.play_count for take in takes)
            assert totals.play_seconds == pytest.approx(sum(play.seconds or 0 for play in plays))
            assert totals.downloads == sum(take.download_count for take in takes) == 3
            assert totals.favorites == len(marks) == sum(take.favorite_count for take in takes)
            assert {day.day: day.figures.plays for day in stats.days if day.figures.plays} == Counter(
                play.created_at.date() for play in plays
            )
            songs = session.scalars(select(Composition).where(Composition.user_id == actor.user_id)).all()
            made = sum("synthwave" in song.summary.get("genres", ()) for song in songs)
            assert made
            assert stats.genres == (("synthwave", len(takes)),)
    assert both.totals.plays == mine.totals.plays + theirs.totals.plays
    assert both.totals.failed == mine.totals.failed + theirs.totals.failed


def test_every_day_is_there_and_midnight_is_utc(studio: Studio, clock: Clock) -> None:
    for when in (LAST - timedelta(seconds=10), LAST):
        clock.now = when
        order(studio, LOCAL_OWNER)
        lease = studio.queue.claim("w")
        assert lease is not None
        studio.queue.fail(lease, "internal", "no")
    stats = get_stats(studio, LOCAL_OWNER, days=3)
    assert [day.day for day in stats.days] == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert [day.figures.failed for day in stats.days] == [0, 1, 1]
    assert (stats.totals.failed, stats.totals.success_rate) == (2, 0.0)
    assert get_stats(studio, LOCAL_OWNER, days=1).totals.failed == 1
    assert len(get_stats(studio, LOCAL_OWNER, days=365).days) == 365


def test_nothing_has_no_averages(studio: Studio) -> None:
    stats = get_stats(studio, LOCAL_OWNER, days=7)
    assert (stats.totals.generations, stats.totals.success_rate, stats.totals.generation_seconds) == (0, None, None)
    assert (stats.genres, stats.load.cpu, stats.load.gpu_highest) == ((), None, None)


def test_removed_songs_still_count(studio: Studio) -> None:
    order(studio, LOCAL_OWNER)
    run_next_job(studio, FakeProvider())
    (take,) = list_recent(studio, LOCAL_OWNER, limit=5)
    track_play(studio, LOCAL_OWNER, take.generation_id, None)
    before = get_stats(studio, LOCAL_OWNER, days=7)
    delete_composition(studio, LOCAL_OWNER, take.composition_id)
    assert get_stats(studio, LOCAL_OWNER, days=7) == before
    assert before.totals.plays == 1


def test_the_machines_are_shown_to_those_who_look_after_them(studio: Studio, clock: Clock) -> None:
    with studio.sessions.write() as session:
        for cpu, gpu in ((20.0, None), (60.0, 90.0)):
            UsageRepository(session).sample(clock.now.date(), SystemLoad(cpu=cpu, memory=50.0, gpu=gpu))
    load = get_stats(studio, LOCAL_OWNER, days=7).days[-1].load
    assert (load.cpu, load.cpu_highest, load.memory, load.gpu, load.gpu_highest) == (40.0, 60.0, 50.0, 90.0, 90.0)
    assert get_stats(studio, OTHER, days=7).load.cpu is None
    with pytest.raises(EveryonesStatsError):
        get_stats(studio, OTHER, days=7, everyone=True)
