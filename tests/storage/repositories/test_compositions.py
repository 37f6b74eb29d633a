"""The library's query: text is text, pages add up, rows come whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.models import Composition, JobStatus, Prompt
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.compositions import CompositionRepository, LibraryQuery, NotOwnerError
from text2song.storage.repositories.prompts import PromptRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions

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
            values = {"request": {}, "options": {}, "summary": {}, "updated_at": datetime.now(UTC)}
            CompositionRepository(session).add(
                Composition(
                    user_id=LOCAL_OWNER_ID, prompt_id=prompt.id, job_id=job.id, title=title, titled=False, **values
                )
            )
    yield made
    engine.dispose()


def titles(queue: JobQueue, text: str = "", *, sort: str = "title", limit: int = 10, offset: int = 0) -> list[str]:
    query = LibraryQuery(text=text, sort=sort, limit=limit, offset=offset)
    with queue.sessions.read() as session:
        page = CompositionRepository(session).library(LOCAL_OWNER_ID, query)
    assert all(song.prompt.text == "neon rain" and song.takes == [] for song in page.items)
    return [song.title for song in page.items]


def test_wildcards_in_the_search_are_letters(queue: JobQueue) -> None:
    assert titles(queue, "100%") == ["beta 100%"]
    assert titles(queue, "%") == ["beta 100%"]
    assert titles(queue, "a_r") == ["Gamma_ray"]
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
            page = repository.library(LOCAL_OWNER_ID, LibraryQuery(statuses=(status,), limit=1, offset=0))
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
