"""The library's query: text is text, pages add up, rows come whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import inspect, select, text, update
from tests.storage.libraries import START, Shelf, opened, shelf

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.models import Composition, JobStatus, Prompt, Take
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.compositions import SORTS, CompositionRepository, LibraryQuery, NotOwnerError
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.jobs import JobState
from text2song.storage.repositories.prompts import PromptRepository
from text2song.storage.repositories.takes import TakeRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions
from text2song.storage.terms import parsed

TITLES = ("Äther", "beta 100%", "Gamma_ray", "gammaXray")


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    made = JobQueue(Sessions(engine), lease_seconds=10)
    with made.sessions.write() as session:
        prompt = PromptRepository(session).add(Prompt(user_id=LOCAL_OWNER_ID, text="neon rain", request={}))
        for title in TITLES:
            job = made.enqueue(session, "compose", {})
            values = {"request": {"prompt": "neon rain"}, "options": {}, "summary": {}, "updated_at": datetime.now(UTC)}
            CompositionRepository(session).add(
                Composition(
                    user_id=LOCAL_OWNER_ID, prompt_id=prompt.id, job_id=job.id, title=title, titled=False, **values
                )
            )
    yield made
    engine.dispose()


def titles(queue: JobQueue, text: str = "", *, sort: str = "title", limit: int = 10, offset: int = 0) -> list[str]:
    query = LibraryQuery(terms=parsed(text), worded=bool(text), sort=sort, limit=limit, offset=offset)
    with queue.sessions.read() as session:
        page = CompositionRepository(session).library(LOCAL_OWNER_ID, query)
    assert all(song.prompt.text == "neon rain" and song.takes == [] for song in page.items)
    return [song.title for song in page.items]


def test_wildcards_in_the_search_are_letters(queue: JobQueue) -> None:
    assert titles(queue, "100%") == ["beta 100%"]
    assert titles(queue, "%") == ["beta 100%"]
    assert titles(queue, "gamma_r") == titles(queue, "gammaray") == titles(queue, "ray") == ["Gamma_ray"]
    assert len(titles(queue, "NEON")) == len(TITLES)
    assert titles(queue, "nothing") == []


def test_pages_join_to_the_whole(queue: JobQueue) -> None:
    whole = titles(queue, sort="newest")
    assert titles(queue, sort="oldest") == whole[::-1]
    assert [titles(queue, sort="newest", limit=1, offset=at)[0] for at in range(len(TITLES))] == whole


def test_status_filter(queue: JobQueue) -> None:
    assert queue.claim("w") is not None
    with queue.sessions.read() as session:
        repository = CompositionRepository(session)
        for status, total in ((JobStatus.RUNNING, 1), (JobStatus.QUEUED, 3), (JobStatus.COMPLETE, 0)):
            page = repository.library(LOCAL_OWNER_ID, LibraryQuery(state=JobState(status), limit=1, offset=0))
            assert page.total == total


def test_a_song_is_there_for_its_owner_and_when_public_for_everyone(queue: JobQueue) -> None:
    other = uuid4()
    query = LibraryQuery(limit=10, offset=0)
    with queue.sessions.write() as session:
        repository = CompositionRepository(session)
        shown, hidden, *_ = repository.library(LOCAL_OWNER_ID, query).items
        shown.public = True
        session.flush()
        assert repository.library(other, query).items == ()
        assert repository.library(None, query).items == (shown,)
        for reader in (LOCAL_OWNER_ID, other, None):
            assert repository.readable(shown.id, reader) is shown
        for reader in (other, None):
            with pytest.raises(RowNotFoundError):
                repository.readable(hidden.id, reader)
        with pytest.raises(RowNotFoundError):
            repository.changeable(hidden.id, other)
        with pytest.raises(NotOwnerError):
            repository.changeable(shown.id, other)
        assert repository.changeable(hidden.id, LOCAL_OWNER_ID) is hidden


def found(queue: JobQueue, **wanted: Any) -> list[str]:
    """The titles that a query finds, the oldest first, each on a page of its own."""
    titles: list[str] = []
    for offset in range(20):
        query = LibraryQuery(**({"sort": "oldest"} | wanted), limit=1, offset=offset)
        with queue.sessions.read() as session:
            page = CompositionRepository(session).library(LOCAL_OWNER_ID, query)
        if not page.items:
            assert page.total == offset
            return titles
        titles += [song.title for song in page.items]
    raise AssertionError("the pages do not end")


def test_filters_take_songs_away(database_url: str) -> None:
    with opened(database_url) as queue:
        with shelf(queue) as filled:
            day = timedelta(days=1)
            one = filled.song("one", "rain", take={"duration_seconds": 30.0}, created_at=START)
            two = filled.song("two", "snow", summary={"genres": ["Jazz", "Lo-Fi"]}, public=True, created_at=START + day)
            three = filled.song("three", "rain", parent_id=one.id, created_at=START + 2 * day)
            filled.job_of(three).status = JobStatus.FAILED
            filled.session.execute(update(Composition).where(Composition.id == three.id).values(made_at=None))
            foreign = filled.song("foreign", "rain", user_id=uuid4(), public=True)
            marks = FavoriteRepository(filled.session)
            marks.mark(LOCAL_OWNER_ID, _take_of(filled, two), None)
            marks.mark(LOCAL_OWNER_ID, filled.take(two, number=2).id, None)
            marks.mark(LOCAL_OWNER_ID, _take_of(filled, foreign), None)
            marks.mark(foreign.user_id, _take_of(filled, one), None)
            TakeRepository(filled.session).played(_take_of(filled, one), START)
        assert found(queue) == ["one", "two", "three"]
        assert found(queue, genre="jazz") == ["two"]
        assert found(queue, genre="lo fi") == ["one", "two", "three"]
        assert found(queue, genre="lo") == found(queue, genre="polka") == []
        assert found(queue, genre="jazz", terms=parsed("rain"), worded=True) == []
        assert found(queue, terms=parsed("rain"), worded=True) == ["one", "three"]
        assert found(queue, terms=parsed("rain"), worded=True, sort="relevance") == ["three", "one"]
        assert found(queue, worded=True) == []
        assert found(queue, favorite=True) == found(queue, favorite=True, genre="jazz") == ["two"]
        assert found(queue, favorite=True, terms=parsed("rain"), worded=True, sort="relevance") == []
        assert found(queue, favorite=False) == ["one", "three"]
        assert found(queue, public=True) == ["two"]
        assert found(queue, public=False) == ["one", "three"]
        assert found(queue, parent_id=one.id) == ["three"]
        assert found(queue, created=(START + day, None)) == ["two", "three"]
        assert found(queue, created=(START, START + day)) == ["one", "two"]
        assert found(queue, duration=(None, 30.0)) == ["one"]
        assert found(queue, duration=(30.1, 60.0)) == ["two", "three"]
        assert found(queue, state=JobState(JobStatus.COMPLETE)) == ["one", "two"]
        assert found(queue, state=JobState(JobStatus.FAILED)) == ["three"]
        assert found(queue, sort="longest") == ["three", "two", "one"]
        assert found(queue, sort="shortest") == ["one", "two", "three"]
        assert found(queue, sort="most_played") == ["one", "three", "two"]
        assert found(queue, sort="title") == ["one", "three", "two"]


def _take_of(filled: Shelf, song: Composition) -> UUID:
    return filled.session.scalars(select(Take.id).where(Take.composition_id == song.id, Take.number == 1)).one()


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("newest", "newest"),
        ("oldest", "newest"),
        ("title", "sort_title"),
        ("longest", "duration"),
        ("shortest", "duration"),
        ("most_played", "played"),
    ],
)
def test_every_order_walks_along_an_index(tmp_path: Path, sort: str, index: str) -> None:
    with opened(f"sqlite:///{tmp_path}/x.db") as queue, queue.sessions.read() as session:
        kept = select(Composition.id).where(Composition.user_id == LOCAL_OWNER_ID).order_by(*SORTS[sort]).limit(20)
        compiled = kept.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
    assert f"ix_compositions_{index}" in plan
    assert sort in ("longest", "shortest") or "TEMP B-TREE" not in plan


def test_pages_by_relevance_hold_every_match_once(database_url: str) -> None:
    with opened(database_url) as queue:
        with shelf(queue) as filled:
            for number in range(7):
                filled.song("rain" if number % 3 else "sun", "rain and sun")
        by_rank = found(queue, terms=parsed("rain"), worded=True, sort="relevance")
        assert by_rank == ["rain"] * 4 + ["sun"] * 3
        narrowed = found(queue, terms=parsed("rain"), worded=True, sort="relevance", duration=(1.0, None))
        assert narrowed == by_rank


def test_lists_leave_out_what_only_a_worker_reads(queue: JobQueue) -> None:
    with queue.sessions.read() as session:
        page = CompositionRepository(session).library(LOCAL_OWNER_ID, LibraryQuery(limit=1, offset=0))
    assert {"payload", "request"} <= inspect(page.items[0].job).unloaded | inspect(page.items[0].prompt).unloaded
