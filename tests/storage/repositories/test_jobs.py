"""Jobs as their owner looks at them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from text2song.jobs.memory import memory_queue
from text2song.storage.repositories.base import RowNotFoundError
from text2song.storage.repositories.jobs import JobRepository


def test_each_sees_their_own_and_nobody_the_systems() -> None:
    queue, mine, other = memory_queue(), uuid4(), uuid4()
    with queue.sessions.write() as session:
        jobs = JobRepository(session)
        first = jobs.get(queue.enqueue(session, "sing", {}, user_id=mine).id)
        system = jobs.get(queue.enqueue(session, "tidy", {}).id)
        second = jobs.get(queue.enqueue(session, "sing", {}, user_id=mine).id)
        assert jobs.newest(mine, limit=5, offset=0).items == (second, first)
        assert jobs.active(mine) == (first, second)
        assert jobs.newest(other, limit=5, offset=0).total == 0
        assert jobs.changed_after(0, limit=5) == (first, system, second)
        assert jobs.owned(first.id, mine) is first
        for job, user in ((first, other), (system, mine)):
            with pytest.raises(RowNotFoundError):
                jobs.owned(job.id, user)


def test_the_newest_are_read_along_an_index() -> None:
    queue, seen = memory_queue(), list[tuple[str, Any]]()
    event.listen(
        queue.sessions.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, parameters, *_: seen.append((statement, parameters)),
    )
    with queue.sessions.read() as session:
        JobRepository(session).newest(uuid4(), limit=5, offset=0)
    plans = []
    with queue.sessions.engine.connect() as connection:
        for statement, parameters in [pair for pair in seen if pair[0].startswith("SELECT")]:
            explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append("\n".join(row[-1] for row in explained))
    count, page = plans
    assert "COVERING INDEX" in count
    assert "ix_jobs_newest" in page
    assert "TEMP B-TREE" not in page
