"""The invariants of the queue: one holder at a time, nothing lost, nothing kept by whoever lost the lease."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from text2song.domain.errors import CancelledError
from text2song.domain.ids import uuid7
from text2song.jobs.leases import JobFinishedError, Lease, LeaseLostError
from text2song.jobs.queue import MAX_FAULTS, MAX_LOSSES, JobQueue
from text2song.storage.engine import make_engine
from text2song.storage.models import Job, JobStatus
from text2song.storage.repositories.jobs import JobRepository
from text2song.storage.schema import upgrade
from text2song.storage.session import Sessions


class Clock:
    """Time that creeps until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(database_url: str, clock: Clock) -> Iterator[JobQueue]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield JobQueue(Sessions(engine), lease_seconds=10, clock=clock)
    engine.dispose()


def enqueue(queue: JobQueue, priority: int = 0, user_id: UUID | None = None) -> Job:
    with queue.sessions.write() as session:
        return queue.enqueue(session, "sing", {"text": "la"}, priority=priority, user_id=user_id)


def claim(queue: JobQueue, worker: str = "w") -> Lease:
    lease = queue.claim(worker)
    assert lease is not None
    return lease


def job_of(queue: JobQueue, lease: Lease) -> Job:
    with queue.sessions.read() as session:
        return JobRepository(session).get(lease.job_id)


def complete(queue: JobQueue, lease: Lease) -> None:
    with queue.sessions.write() as session:
        queue.complete(session, lease)


def cancel(queue: JobQueue, lease: Lease) -> Job:
    with queue.sessions.write() as session:
        return queue.cancel(session, lease.job_id)


def _enqueue_and_break(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})
        raise ZeroDivisionError


def _complete_and_break(queue: JobQueue, lease: Lease) -> None:
    with queue.sessions.write() as session:
        queue.complete(session, lease)
        raise ZeroDivisionError


def test_job_is_invisible_until_commit(queue: JobQueue) -> None:
    with pytest.raises(ZeroDivisionError):
        _enqueue_and_break(queue)
    assert queue.claim("w") is None


def test_claim_gives_each_job_once_in_order(queue: JobQueue) -> None:
    first, second = enqueue(queue), enqueue(queue)
    urgent = enqueue(queue, priority=-1)
    claimed = [claim(queue).job_id for _ in range(3)]
    assert claimed == [urgent.id, first.id, second.id]
    assert queue.claim("w") is None


def test_claim_carries_the_payload(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    assert (lease.kind, lease.payload, lease.token) == ("sing", {"text": "la"}, 1)
    assert job_of(queue, lease).status == JobStatus.RUNNING


def test_many_threads_never_share_a_job(queue: JobQueue) -> None:
    jobs = {enqueue(queue).id for _ in range(40)}
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda number: queue.claim(f"w{number}"), range(60)))
    claimed = [lease.job_id for lease in leases if lease is not None]
    assert len(claimed) == 40
    assert set(claimed) == jobs


def test_renew_keeps_the_lease_and_writes_progress(queue: JobQueue, clock: Clock) -> None:
    enqueue(queue)
    lease = claim(queue)
    clock.pass_seconds(9)
    queue.renew(lease, "mixing", 0.5)
    clock.pass_seconds(9)
    assert not queue.overdue()
    job = job_of(queue, lease)
    assert (job.stage, job.progress) == ("mixing", 0.5)


def test_expired_lease_goes_to_another_and_fences_the_first(queue: JobQueue, clock: Clock) -> None:
    enqueue(queue)
    zombie = claim(queue, "zombie")
    clock.pass_seconds(11)
    assert queue.overdue() == {(zombie.job_id, zombie.token)}
    assert queue.lose(zombie.job_id, zombie.token)
    heir = claim(queue, "heir")
    assert (heir.job_id, heir.token) == (zombie.job_id, zombie.token + 1)
    with pytest.raises(LeaseLostError):
        queue.renew(zombie, "mixing", 0.9)
    with pytest.raises(LeaseLostError):
        complete(queue, zombie)
    assert queue.keep_all_of("zombie") == 0
    assert not queue.fail(zombie, "x", "x")
    assert not queue.retry(zombie, "x", "x")
    assert not queue.release(zombie)
    assert not queue.lose(zombie.job_id, zombie.token)
    complete(queue, heir)
    job = job_of(queue, heir)
    assert (job.status, job.progress, job.losses) == (JobStatus.COMPLETE, 1.0, 1)


def test_complete_is_undone_with_its_transaction(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    with pytest.raises(ZeroDivisionError):
        _complete_and_break(queue, lease)
    assert job_of(queue, lease).status == JobStatus.RUNNING


def test_keep_extends_without_a_change_in_the_feed(queue: JobQueue, clock: Clock) -> None:
    enqueue(queue)
    lease = claim(queue)
    before = job_of(queue, lease).revision
    clock.pass_seconds(9)
    assert queue.keep_all_of("w") == 1
    clock.pass_seconds(9)
    assert not queue.overdue()
    assert job_of(queue, lease).revision == before


def test_cancel_waiting_job(queue: JobQueue) -> None:
    job = enqueue(queue)
    with queue.sessions.write() as session:
        assert queue.cancel(session, job.id).status == JobStatus.CANCELLED
    assert queue.claim("w") is None


def test_cancel_running_job_stops_its_worker(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    cancel(queue, lease)
    with pytest.raises(CancelledError) as caught:
        queue.renew(lease, "mixing", 0.5)
    assert not isinstance(caught.value, LeaseLostError)
    with pytest.raises(LeaseLostError):
        complete(queue, lease)
    assert cancel(queue, lease).status == JobStatus.CANCELLED


def test_cancel_finished_job_is_a_conflict(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    complete(queue, lease)
    with pytest.raises(JobFinishedError, match="complete"):
        cancel(queue, lease)


def test_transient_faults_back_off_and_end(queue: JobQueue, clock: Clock) -> None:
    enqueue(queue)
    waits = []
    lease = None
    for _ in range(MAX_FAULTS):
        waited = 0
        while (found := queue.claim("w")) is None:
            clock.pass_seconds(1)
            waited += 1
        lease = found
        waits.append(waited)
        assert queue.retry(lease, "storage-unavailable", "the store is away")
    assert waits == [0, 2, 4, 8, 16, 32, 60, 60]
    assert lease is not None
    job = job_of(queue, lease)
    assert (job.status, job.error_slug) == (JobStatus.FAILED, "storage-unavailable")
    assert job.error is not None
    assert job.error.startswith("the store is away")


def test_fail_records_the_reason(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    assert queue.fail(lease, "unknown-genre", "no such genre")
    job = job_of(queue, lease)
    assert (job.status, job.error_slug, job.error) == (JobStatus.FAILED, "unknown-genre", "no such genre")
    assert job.finished_at is not None


def test_release_gives_back_without_a_mark(queue: JobQueue) -> None:
    enqueue(queue)
    lease = claim(queue)
    assert queue.release(lease)
    again = claim(queue)
    job = job_of(queue, again)
    assert (job.faults, job.losses, again.token) == (0, 0, 2)


def test_job_that_kills_workers_fails_at_last_and_lets_others_go_first(queue: JobQueue) -> None:
    killer = enqueue(queue)
    for _ in range(3):
        lease = claim(queue, "dying")
        assert queue.lose_all_of("dying")
    innocent = enqueue(queue)
    lease = claim(queue)
    assert lease.job_id == innocent.id
    complete(queue, lease)
    for _ in range(MAX_LOSSES - 3):
        lease = claim(queue, "dying")
        assert lease.job_id == killer.id
        assert queue.lose(lease.job_id, lease.token)
    job = job_of(queue, lease)
    assert (job.status, job.losses, job.error_slug) == (JobStatus.FAILED, MAX_LOSSES, "worker-lost")


def test_users_take_turns_however_much_one_of_them_wants(queue: JobQueue) -> None:
    greedy, modest = uuid7(), uuid7()
    for _ in range(100):
        enqueue(queue, user_id=greedy)
    first = claim(queue)
    wanted = [enqueue(queue, user_id=modest).id for _ in range(3)]
    system = enqueue(queue).id
    order = [claim(queue).job_id for _ in range(8)]
    # Each of the modest user's jobs, and the system's, waits for at most one more of the greedy one's.
    assert [order.index(job) for job in (*wanted, system)] <= [1, 4, 6, 3]
    assert set(wanted) | {system} < set(order[:7])
    complete(queue, first)


def test_a_user_who_comes_back_has_no_arrears_and_no_credit(queue: JobQueue) -> None:
    early, late = uuid7(), uuid7()
    for _ in range(20):
        enqueue(queue, user_id=early)
        complete(queue, claim(queue))
    mixed = [enqueue(queue, user_id=user) for _ in range(3) for user in (early, late)]
    users = {job.id: job.user_id for job in mixed}
    served = [users[claim(queue).job_id] for _ in range(6)]
    # Of jobs with the same turn, made within a millisecond, either may go first.
    assert [set(served[at : at + 2]) for at in (0, 2, 4)] == [{early, late}] * 3


def test_priority_goes_before_turns(queue: JobQueue) -> None:
    payer, others = uuid7(), uuid7()
    slow = enqueue(queue, priority=20, user_id=others)
    fast = [enqueue(queue, priority=0, user_id=payer).id for _ in range(3)]
    assert [claim(queue).job_id for _ in range(4)] == [*fast, slow.id]


def test_claim_takes_only_kinds_that_can_be_done(queue: JobQueue) -> None:
    with queue.sessions.write() as session:
        queue.enqueue(session, "dance", {})
    song = enqueue(queue)
    lease = queue.claim("w", {"sing"})
    assert lease is not None
    assert lease.job_id == song.id
    assert queue.claim("w", {"sing"}) is None
    assert queue.claim("w") is not None


def test_cheap_jobs_are_claimed_together_and_dear_ones_alone(queue: JobQueue) -> None:
    for kind in ("count", "count", "sing", "count", "count"):
        with queue.sessions.write() as session:
            queue.enqueue(session, kind, {})
    kinds = {"count", "sing"}
    batches = []
    while batch := queue.claim_several("w", kinds, cheap={"count"}, limit=3):
        batches.append([lease.kind for lease in batch])
    assert batches == [["count", "count", "count"], ["sing"], ["count"]]


def test_bell_rings_when_the_job_can_be_claimed_and_not_before(queue: JobQueue) -> None:
    rings: list[bool] = []
    queue.bell.ring = lambda job_id=None, *, cheap=False: rings.append(queue.claim("w") is not None)  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        _enqueue_and_break(queue)
    assert rings == []
    enqueue(queue)
    assert rings == [True]


def test_feed_shows_each_change_once_in_order(queue: JobQueue) -> None:
    jobs = [enqueue(queue) for _ in range(3)]
    with queue.sessions.read() as session:
        seen = JobRepository(session).changed_after(0, limit=10)
    assert [job.id for job in seen] == [job.id for job in jobs]
    lease = claim(queue)
    queue.renew(lease, "mixing", 0.5)
    with queue.sessions.read() as session:
        later = JobRepository(session).changed_after(seen[-1].revision, limit=10)
    assert [(job.id, job.stage) for job in later] == [(jobs[0].id, "mixing")]
