"""Workers, databases and brokers are killed under load: nothing is lost and nothing is done twice.

The counts are small here; `python -m benchmarks.faults` does the same a hundred times.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.acceptance.scenarios import (
    RECOVERY_SECONDS,
    SETUPS,
    crash_database,
    drain,
    freeze_worker,
    kill_workers,
    lose_broker,
    set_up,
)

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.mark.parametrize("kind", SETUPS)
def test_killed_workers_lose_nothing(kind: str, tmp_path: Path) -> None:
    with set_up(kind, tmp_path) as setup:
        assert max(kill_workers(setup, 4)) <= RECOVERY_SECONDS


@pytest.mark.parametrize("kind", ["postgresql", "celery"])
def test_crashed_database_loses_nothing(kind: str, tmp_path: Path) -> None:
    with set_up(kind, tmp_path) as setup:
        assert max(crash_database(setup, 3)) <= RECOVERY_SECONDS


def test_broker_that_forgets_everything_loses_nothing(tmp_path: Path) -> None:
    with set_up("celery", tmp_path) as setup:
        assert max(lose_broker(setup, 2)) <= 60.0


@pytest.mark.parametrize("kind", ["sqlite", "celery"])
def test_frozen_worker_is_replaced_and_changes_nothing_when_it_wakes(kind: str, tmp_path: Path) -> None:
    with set_up(kind, tmp_path) as setup:
        assert freeze_worker(setup) <= RECOVERY_SECONDS


@pytest.mark.parametrize("kind", SETUPS)
def test_worker_told_to_stop_gives_everything_back_in_time(kind: str, tmp_path: Path) -> None:
    with set_up(kind, tmp_path) as setup:
        # Three seconds of grace, and what the machine needs for twenty threads.
        assert drain(setup, running=20, waiting=50) <= 3.0 + 5.0
