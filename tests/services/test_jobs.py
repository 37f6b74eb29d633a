"""Jobs through their use cases, and the feed of their changes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.services.fakes import FakeProvider, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.jobs.leases import JobFinishedError
from text2song.services.jobs import active_jobs, cancel_job, changes_after, get_generation, list_jobs
from text2song.services.studio import Studio
from text2song.services.submissions import Accepted, Options, submit
from text2song.services.views import Status
from text2song.storage.repositories.base import RowNotFoundError


def order(studio: Studio) -> Accepted:
    return submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True)


def test_generation_has_its_takes_when_they_are_done(studio: Studio) -> None:
    job_id = order(studio).job_id
    assert get_generation(studio, LOCAL_OWNER, job_id)[1] == ()
    run_next_job(studio, FakeProvider())
    job, takes = get_generation(studio, LOCAL_OWNER, job_id)
    assert (job.status, len(takes)) == (Status.COMPLETE, 1)
    with pytest.raises(JobFinishedError):
        cancel_job(studio, LOCAL_OWNER, job_id)
    with pytest.raises(RowNotFoundError):
        cancel_job(studio, LOCAL_OWNER, uuid4())


def test_feed_goes_on_from_any_position(studio: Studio) -> None:
    first, second = order(studio), order(studio)
    position, active = active_jobs(studio, LOCAL_OWNER)
    assert [job.job_id for job in active] == [first.job_id, second.job_id]
    assert changes_after(studio, position) == ()
    cancel_job(studio, LOCAL_OWNER, second.job_id)
    (change,) = changes_after(studio, position)
    assert (change.job_id, change.status) == (second.job_id, Status.CANCELLED)
    assert [job.job_id for job in active_jobs(studio, LOCAL_OWNER)[1]] == [first.job_id]
    assert list_jobs(studio, LOCAL_OWNER, limit=1, offset=0).total == 2
