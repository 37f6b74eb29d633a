"""Jobs through their use cases, and the feed of their changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.jobs.estimates import Estimates
from text2song.jobs.leases import JobFinishedError
from text2song.services.compositions import Query, list_compositions
from text2song.services.jobs import (
    active_jobs,
    cancel_job,
    changes_after,
    feed_position,
    get_generation,
    get_job,
    list_jobs,
)
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


def test_a_running_job_is_found_by_what_it_is_doing(studio: Studio) -> None:
    for stage in ("playing the bass", "mastering"):
        order(studio)
        lease = studio.queue.claim("w")
        assert lease is not None
        studio.queue.renew(lease, stage, 0.5)
    order(studio)
    for status in Status:
        jobs = list_jobs(studio, LOCAL_OWNER, limit=9, offset=0, status=status)
        songs = list_compositions(studio, LOCAL_OWNER, Query(status=status))
        wanted = [status] if status in {Status.QUEUED, Status.RENDERING, Status.MASTERING} else []
        assert [job.status for job in jobs.items] == wanted
        assert [song.job.status for song in songs.items if song.job] == wanted
        assert jobs.total == songs.total == len(wanted)


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


def test_whoever_saw_half_of_what_changed_together_sees_the_rest(studio: Studio) -> None:
    for _ in range(3):
        order(studio)
    assert len(studio.queue.claim_several("w", cheap={"compose"}, limit=3)) == 3
    position = feed_position(studio)
    assert studio.queue.lose_all_of("w")
    first, *_, last = changes_after(studio, position)
    assert (first.revision, first.resume, last.resume) == (last.revision, last.revision - 1, last.revision)
    assert first.resume is not None
    assert len(changes_after(studio, first.resume)) == 3
    assert changes_after(studio, last.revision) == ()


def test_waiting_and_running_jobs_say_when_they_will_be_done(studio: Studio) -> None:
    for _ in range(3):
        order(studio)
        lease = studio.queue.claim("w")
        assert lease is not None
        time.sleep(0.05)
        with studio.sessions.write() as session:
            studio.queue.complete(session, lease)
    jobs = [order(studio).job_id for _ in range(3)]
    studio.roster.sign_in("host:1:x")
    waits = [get_job(studio, LOCAL_OWNER, job).eta_seconds for job in jobs]
    assert waits == sorted(waits, key=lambda wait: wait or 0)
    assert waits[0] is not None
    assert waits[2] is not None
    assert 0 < waits[0] < waits[2]
    studio.queue.claim("w")
    assert get_job(studio, LOCAL_OWNER, jobs[0]).eta_seconds is not None


def test_dead_letters_are_listed_with_their_reason(studio: Studio) -> None:
    order(studio), order(studio)
    lease = studio.queue.claim("w")
    assert lease is not None
    studio.queue.fail(lease, "disk-full", "the disk is full")
    (dead,) = list_jobs(studio, LOCAL_OWNER, limit=10, offset=0, status=Status.FAILED).items
    assert (dead.job_id, dead.error_slug, dead.error) == (lease.job_id, "disk-full", "the disk is full")
    assert list_jobs(studio, LOCAL_OWNER, limit=10, offset=0).total == 2


def test_nobody_holds_a_connection_while_waiting_for_another(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_connections=2)
    jobs = [
        submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True).job_id for _ in range(3)
    ]
    reads: tuple[Callable[[Studio], object], ...] = (
        lambda fresh: list_jobs(fresh, LOCAL_OWNER, limit=20, offset=0),
        lambda fresh: get_job(fresh, LOCAL_OWNER, jobs[0]),
        lambda fresh: get_generation(fresh, LOCAL_OWNER, jobs[0]),
        lambda fresh: active_jobs(fresh, LOCAL_OWNER),
        lambda fresh: changes_after(fresh, 0),
    )
    # One connection is somebody else's; with the other each of these must get along.
    with studio.sessions.read() as session:
        session.connection()
        # Who asked for a second connection would get none, and be refused after a while.
        assert all(read(replace(studio, estimates=Estimates(studio.sessions))) for read in reads)
    studio.close()
