"""Jobs as their owner looks at them."""

from __future__ import annotations

from uuid import uuid4

import pytest

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
