"""What follows from a composition follows it on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select, text
from tests.storage.libraries import Shelf, opened, shelf, someone

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.memory import memory_queue
from text2song.jobs.queue import JobQueue
from text2song.storage.models import Composition, Take
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.search import SearchRepository
from text2song.storage.terms import parsed

OWN = Audience(LOCAL_OWNER_ID)


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    with opened(database_url) as made:
        yield made


def found(queue: JobQueue, words: str, audience: Audience = OWN) -> list[UUID]:
    with queue.sessions.read() as session:
        return list(SearchRepository(session).ranked(parsed(words), audience, 10))


def test_another_title_is_found_and_the_old_one_is_not(queue: JobQueue) -> None:
    with shelf(queue) as made:
        song = made.song("Night Drive")
    with queue.sessions.write() as session:
        session.get_one(Composition, song.id).title = "Morning Walk"
    assert found(queue, "morning") == [song.id]
    assert found(queue, "night") == []


def test_what_is_undone_was_never_there(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        Shelf(queue, session).song("Night Drive")
        session.rollback()
    assert found(queue, "night") == []


def test_a_removed_song_is_not_found(queue: JobQueue) -> None:
    with shelf(queue) as made:
        song, kept = made.song("Night Drive"), made.song("Night Walk")
    with queue.sessions.write() as session:
        session.delete(session.get_one(Composition, song.id))
    assert found(queue, "night") == [kept.id]


def test_rows_written_without_the_models_are_removed_from_the_index_too(queue: JobQueue) -> None:
    with shelf(queue) as made:
        made.song("Night Drive")
    with queue.sessions.write() as session:
        session.execute(text("DELETE FROM takes"))
        session.execute(text("DELETE FROM compositions"))
    assert found(queue, "night") == []


def test_takes_carry_owner_and_publicity(queue: JobQueue) -> None:
    with shelf(queue) as made:
        song = made.song("Night Drive", user_id=someone())
        made.take(song, number=2)
    with queue.sessions.write() as session:
        changed = session.get_one(Composition, song.id)
        assert [(take.user_id, take.public) for take in session.scalars(select(Take))] == [(song.user_id, False)] * 2
        assert found(queue, "night") == []
        changed.public = True
    with queue.sessions.read() as session:
        assert [take.public for take in session.scalars(select(Take))] == [True, True]
    assert found(queue, "night") == [song.id]
    assert found(queue, "night", Audience(None)) == [song.id]
    assert found(queue, "night", Audience(LOCAL_OWNER_ID, public=False)) == []


def test_other_changes_leave_the_document_alone(queue: JobQueue) -> None:
    with shelf(queue) as made:
        song = made.song("Night Drive")
    with queue.sessions.write() as session:
        session.get_one(Composition, song.id).options = {"num_samples": 2}
    assert found(queue, "night") == [song.id]


def test_a_database_made_from_the_models_has_the_index() -> None:
    queue = memory_queue()
    with shelf(queue) as made:
        song = made.song("Night Drive")
    assert found(queue, "driving") == [song.id]
