"""A job that was claimed without the worker's knowing goes back; those that it works on stay."""

from __future__ import annotations

import pytest

from text2song.domain.errors import UnavailableError
from text2song.domain.progress import Progress
from text2song.jobs.claims import Claims
from text2song.jobs.leases import Lease
from text2song.jobs.queue import JobQueue
from text2song.jobs.runner import Runner
from text2song.storage.models import JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.session import DatabaseUnavailableError

NAME = "here:1:a"


def enqueue(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})


def sing(_lease: Lease, _progress: Progress) -> None:
    raise AssertionError


def test_claim_whose_answer_was_lost_is_made_again(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(queue, {"sing": sing})
    claims = Claims(queue, runner, NAME)
    for _ in range(2):
        enqueue(queue)
    [held] = claims.next()
    runner._hold(held)
    claim = queue.claim_several

    def lost(*arguments: object, **named: object) -> list[Lease]:
        claim(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseUnavailableError("the connection broke after the commit")

    monkeypatch.setattr(queue, "claim_several", lost)
    with pytest.raises(UnavailableError):
        claims.next()
    monkeypatch.undo()
    [again] = claims.next()
    assert again.job_id != held.job_id
    assert again.token == 2
    with queue.sessions.read() as session:
        job = JobRepository(session).get(held.job_id)
    assert (job.status, job.token) == (JobStatus.RUNNING, held.token)


def test_nothing_is_given_back_without_a_doubt(queue: JobQueue) -> None:
    claims = Claims(queue, Runner(queue, {"sing": sing}), NAME)
    enqueue(queue)
    assert len(claims.next()) == 1
    assert claims.next() == []
    claims.doubt()
    assert len(claims.next()) == 1
