"""Jobs of vanished workers are given to others; a clock that jumps takes none from the living."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from text2song.jobs.memory import memory_queue
from text2song.jobs.sweeper import Sweeper


class Clocks:
    """The wall clock, which can be set, and the monotonic one, which cannot."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 1, 1, tzinfo=UTC)
        self.steady = 0.0

    def pass_seconds(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds


def claimed(clocks: Clocks) -> Sweeper:
    """Return the sweeper of a queue whose only job is claimed."""
    queue = memory_queue(lease_seconds=10, clock=lambda: clocks.wall)
    with queue.sessions.write() as session:
        queue.enqueue(session, "sing", {})
    assert queue.claim("w") is not None
    return Sweeper(queue, monotonic=lambda: clocks.steady)


def test_job_of_a_silent_worker_is_free_after_a_lease_and_a_half() -> None:
    clocks = Clocks()
    sweeper = claimed(clocks)
    waited = 0.0
    while not sweeper.sweep():
        clocks.pass_seconds(2.5)
        waited += 2.5
    assert 10 < waited <= 17.5
    assert sweeper._jobs.claim("other") is not None


@pytest.mark.parametrize("hours", [1, -1])
def test_clock_that_jumps_takes_no_job_from_a_living_worker(hours: int) -> None:
    clocks = Clocks()
    sweeper = claimed(clocks)
    clocks.wall += timedelta(hours=hours)
    for _ in range(20):
        assert sweeper.sweep() == 0
        clocks.pass_seconds(2.5)
        sweeper._jobs.keep_all_of("w")


@pytest.mark.parametrize("hours", [1, -1])
def test_clock_that_jumps_saves_no_dead_worker(hours: int) -> None:
    clocks = Clocks()
    sweeper = claimed(clocks)
    clocks.wall += timedelta(hours=hours)
    swept = 0
    for _ in range(8):
        swept += sweeper.sweep()
        clocks.pass_seconds(2.5)
    assert swept == 1
