"""Lists of takes: order, readers, counters, and one walk along an index for each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.storage.libraries import START, opened, shelf, someone

from text2song.domain.identity import LOCAL_OWNER_ID
from text2song.jobs.queue import JobQueue
from text2song.storage.models import Take
from text2song.storage.repositories.audiences import Audience
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.favorites import FavoriteRepository
from text2song.storage.repositories.takes import TakeRepository, first_ids

MINE = Audience(LOCAL_OWNER_ID)
ORDERS: dict[str, tuple[Any, ...]] = {
    "recent": (Take.created_at.desc(), Take.id.desc()),
    "played": (Take.play_count.desc(), Take.id.desc()),
}


@pytest.fixture
def queue(database_url: str) -> Iterator[JobQueue]:
    with opened(database_url) as made:
        yield made


def test_recent_is_by_when_takes_were_finished(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        late = filled.song("asked for first, finished last", take={"created_at": START + timedelta(days=1)})
        filled.song("in between")
        filled.song("foreign", user_id=someone())
        filled.song("foreign but public", user_id=someone(), public=True)
    with queue.sessions.read() as session:
        takes = TakeRepository(session)
        titles = [row[1] for row in takes.recent(MINE, 10)]
        assert titles == [late.title, "foreign but public", "in between"]
        assert [row[1] for row in takes.recent(MINE, 2)] == titles[:2]
        assert [row[1] for row in takes.recent(Audience(LOCAL_OWNER_ID, public=False), 9)] == [late.title, "in between"]
        assert [row[1] for row in takes.recent(Audience(None), 9)] == ["foreign but public"]


def test_most_played_counts_what_was_played(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        ids = [filled.song(title).id for title in ("none", "two", "one")]
        repository = TakeRepository(filled.session)
        takes = {row[1]: row[0].id for row in repository.of_compositions(ids, None, 9)}
        counts = [repository.played(takes[title], START) for title in ("two", "one", "two")]
        assert counts == [1, 1, 2]
    with queue.sessions.read() as session:
        rows = TakeRepository(session).most_played(MINE, 10)
        listed = [(row[1], row[0].play_count, row[0].last_played_at) for row in rows]
        assert listed == [("two", 2, START), ("one", 1, START), ("none", 0, None)]


def test_takes_come_in_the_order_of_their_songs(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        first, second = filled.song("first"), filled.song("second")
        filled.take(first, number=2)
        rows = TakeRepository(filled.session).of_compositions([second.id, first.id], None, 10)
        assert [(row[1], row[0].number) for row in rows] == [("second", 1), ("first", 1), ("first", 2)]
        assert len(TakeRepository(filled.session).of_compositions([second.id, first.id], None, 2)) == 2


def test_a_mark_is_seen_by_the_one_who_made_it(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        song = filled.song("x", public=True)
        (row,) = TakeRepository(filled.session).of_compositions([song.id], LOCAL_OWNER_ID, 1)
        FavoriteRepository(filled.session).mark(LOCAL_OWNER_ID, row[0].id, None)
        for reader, marked in ((LOCAL_OWNER_ID, True), (someone(), False), (None, False)):
            (row,) = TakeRepository(filled.session).of_compositions([song.id], reader, 1)
            assert bool(row[4]) is marked


def test_a_take_is_read_by_its_owner_and_when_public_by_all(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        hidden, shown = filled.song("hidden"), filled.song("shown", public=True)
        repository = TakeRepository(filled.session)
        one, two = (row[0].id for row in repository.of_compositions([hidden.id, shown.id], None, 9))
        assert repository.readable(one, LOCAL_OWNER_ID).id == one
        assert repository.readable(two, None).id == two
        for reader in (None, someone()):
            with pytest.raises(RowNotFoundError):
                repository.readable(one, reader)


def test_plays_at_once_are_all_counted(queue: JobQueue) -> None:
    with shelf(queue) as filled:
        song = filled.song("x")
        take_id = TakeRepository(filled.session).of_compositions([song.id], None, 1)[0][0].id

    def play(_number: int) -> None:
        with queue.sessions.write() as session:
            TakeRepository(session).played(take_id, START)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(play, range(40)))
    with queue.sessions.read() as session:
        assert session.get_one(Take, take_id).play_count == 40


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("reader", [Audience(LOCAL_OWNER_ID, public=False), MINE, Audience(None)])
def test_lists_walk_along_an_index(queue: JobQueue, order: str, reader: Audience) -> None:
    statement = first_ids(reader, ORDERS[order], 20)
    with queue.sessions.read() as session:
        postgresql = session.get_bind().dialect.name == "postgresql"
        if postgresql:
            # Three rows are read faster without any index; here it matters whether there is one to use.
            for kind in ("seqscan", "sort", "bitmapscan"):
                session.execute(text(f"SET LOCAL enable_{kind} = off"))
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        rows = session.execute(text(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{compiled}")).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    for whose in ("" if reader.user_id else "none", "public_" if reader.public or not reader.user_id else "none"):
        assert whose == "none" or f"ix_takes_{whose}{order}" in plan, plan
    # With two kinds of takes the first of each are put in order together; each kind alone comes in order.
    assert ("TEMP B-TREE FOR ORDER BY" in plan and not postgresql) <= (reader == MINE), plan


def test_take_that_goes_meanwhile_counts_nowhere(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        takes = TakeRepository(session)
        with pytest.raises(RowNotFoundError):
            takes.played(UUID(int=7), START)
        with pytest.raises(RowNotFoundError):
            takes.downloaded(UUID(int=7))
