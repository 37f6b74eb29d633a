"""Marks: one per user and take, turned over safely by any number at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.storage.libraries import opened, shelf, someone

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.models import Composition, Favorite, Take
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.favorites import FavoriteRepository


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    with opened(database_url) as made:
        with shelf(made) as filled:
            filled.song("x")
        yield made


def mark(queue: JobQueue, user_id: UUID = LOCAL_OWNER_ID, wanted: bool | None = None) -> tuple[bool, int]:
    with queue.sessions.write() as session:
        take_id = session.scalars(select(Take.id)).one()
        return FavoriteRepository(session).mark(user_id, take_id, wanted)


def counts(queue: JobQueue) -> tuple[int, int]:
    """Marks as counted on the take, and as there are rows."""
    with queue.sessions.read() as session:
        return session.scalars(select(Take.favorite_count)).one(), session.scalars(
            select(func.count(Favorite.id))
        ).one()


def test_a_mark_is_turned_over(queue: JobQueue) -> None:
    assert [mark(queue) for _ in range(3)] == [(True, 1), (False, -1), (True, 1)]
    assert counts(queue) == (1, 1)


def test_a_mark_is_set_once_and_taken_back_once(queue: JobQueue) -> None:
    assert [mark(queue, wanted=True) for _ in range(2)] == [(True, 1), (True, 0)]
    assert [mark(queue, wanted=False) for _ in range(2)] == [(False, -1), (False, 0)]
    assert counts(queue) == (0, 0)


def test_each_user_has_marks_of_their_own(queue: JobQueue) -> None:
    for user_id in (LOCAL_OWNER_ID, someone(), someone()):
        assert mark(queue, user_id) == (True, 1)
    assert counts(queue) == (3, 3)


def test_a_mark_says_of_which_song_and_whose(queue: JobQueue) -> None:
    listener = someone()
    mark(queue, listener)
    with queue.sessions.read() as session:
        song, favorite = session.scalars(select(Composition)).one(), session.scalars(select(Favorite)).one()
        assert (favorite.composition_id, favorite.owner_id) == (song.id, LOCAL_OWNER_ID)
        marks = FavoriteRepository(session)
        assert marks.marked_of(listener, [song.id]) == {favorite.take_id}
        assert marks.marked_of(listener, [listener]) == marks.marked_of(LOCAL_OWNER_ID, [song.id]) == set()


@pytest.mark.parametrize("times", [32, 33])
def test_turned_over_at_once_by_many_it_is_as_often_set_as_not(queue: JobQueue, times: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        changes = [change for _, change in pool.map(lambda _: mark(queue), range(times))]
    assert sum(changes) == times % 2
    assert sorted(changes) == [-1] * (times // 2) + [1] * (times - times // 2)
    assert counts(queue) == (times % 2, times % 2)


def test_marks_go_with_their_take(queue: JobQueue) -> None:
    mark(queue)
    with queue.sessions.write() as session:
        session.delete(session.scalars(select(Composition)).one())
    with queue.sessions.read() as session:
        assert session.scalar(select(func.count(Favorite.id))) == 0


def test_take_that_goes_meanwhile_is_not_there(queue: JobQueue) -> None:
    with pytest.raises(RowNotFoundError), queue.sessions.write() as session:
        FavoriteRepository(session).mark(LOCAL_OWNER_ID, UUID(int=7), wanted=True)
