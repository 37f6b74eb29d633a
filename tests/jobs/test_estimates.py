"""What is learned from runs: sound lines in spite of wild ones, and estimates that end at zero."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from text2song.jobs.estimates import Effort, Estimates, Line, fit, remaining_seconds
from text2song.jobs.memory import memory_queue


def test_line_is_found_in_spite_of_a_quarter_of_wild_runs() -> None:
    draw = random.Random(5)  # noqa: S311 - noise, not secrets
    amounts = [draw.choice((30, 60, 120, 180, 300)) for _ in range(28)]
    runs = [(float(amount), 4 + 0.1 * amount + draw.gauss(0, 0.3)) for amount in amounts]
    for index in range(0, 28, 4):
        runs[index] = (runs[index][0], draw.choice((0.1, 500.0)))
    line = fit(runs)
    assert line is not None
    assert line.at(180) == pytest.approx(22, rel=0.1)
    assert line.at(30) == pytest.approx(7, rel=0.2)


def test_few_runs_teach_nothing_and_equal_ones_a_level() -> None:
    assert fit([(1.0, 1.0), (2.0, 2.0)]) is None
    assert fit([(60.0, 5.0), (60.0, 6.0), (60.0, 100.0)]) == Line(6.0, 0.0)
    # More music never takes less time.
    assert fit([(10.0, 30.0), (20.0, 20.0), (30.0, 10.0)]) == Line(20.0, 0.0)


def test_remaining_time() -> None:
    assert remaining_seconds(None, 10, 0.01) is None
    assert remaining_seconds(None, 10, 0.5) == pytest.approx(10)
    assert remaining_seconds(20, 0, 0.0) == pytest.approx(20)
    assert remaining_seconds(20, 10, 0.5) == pytest.approx(10)
    # Twice as slow as ever before: half way the two are given equal weight.
    assert remaining_seconds(20, 20, 0.5) == pytest.approx((1 + 20) / 2)
    assert remaining_seconds(20, 40, 1.0) == pytest.approx(0)


def test_learning_by_kind_and_variant() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    queue = memory_queue(clock=lambda: now[0])
    for amount in (30.0, 60.0, 90.0, 120.0):
        for variant, speed in (("composer", 0.1), ("musicgen", 2.0)):
            with queue.sessions.write() as session:
                queue.enqueue(session, "compose", {}, effort=Effort(amount, variant))
            lease = queue.claim("w")
            assert lease is not None
            now[0] += timedelta(seconds=amount * speed)
            with queue.sessions.write() as session:
                queue.complete(session, lease)
    estimates = Estimates(queue.sessions)
    assert estimates.seconds("compose", Effort(200, "composer")) == pytest.approx(20)
    assert estimates.seconds("compose", Effort(200, "musicgen")) == pytest.approx(400)
    assert estimates.seconds("edit", Effort(200, "composer")) is None


def test_waits_are_reckoned_once_a_second_and_for_newcomers() -> None:
    estimates = Estimates(memory_queue().sessions)
    reckoned: list[int] = []

    def reckon() -> dict[UUID, float]:
        reckoned.append(1)
        return {}

    first, second = uuid4(), uuid4()
    for wanted in ([first], [first], [second], [first, second], [second]):
        assert estimates.waits(wanted, reckon) == {}
    assert len(reckoned) == 2
