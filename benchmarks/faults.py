"""Faults by the hundred: `python -m benchmarks.faults [kills] [crashes] [minutes]`

Worker processes are killed at random moments of their jobs, PostgreSQL crashes, Valkey forgets, a worker freezes, one
is told to stop with twenty jobs running: `tests/acceptance/scenarios.py`, each ending with every invariant checked. The
seconds are those until the jobs concerned ran again. No worker is killed later than `minutes` into its row.
"""

from __future__ import annotations

import csv
import datetime
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.scenarios import (
    SETUPS,
    Setup,
    crash_database,
    drain,
    freeze_worker,
    kill_workers,
    lose_broker,
    set_up,
)

RESULTS = Path(__file__).parent / "results"


def main(kills: int, crashes: int, minutes: int) -> None:
    """Print the table and keep it, row by row."""
    path = RESULTS / f"faults-{datetime.datetime.now(datetime.UTC).date().isoformat()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["fault", "setup", "times", "median_s", "longest_s", "invariants", "minutes"])
        for name, kind, scenario in _scenarios(kills, crashes, 60.0 * minutes):
            started = time.monotonic()
            with tempfile.TemporaryDirectory() as folder, set_up(kind, Path(folder)) as setup:
                seconds = scenario(setup)
            row = [name, kind, len(seconds), round(statistics.median(seconds), 2), round(max(seconds), 2), "held"]
            writer.writerow([*row, round((time.monotonic() - started) / 60, 1)])
            file.flush()
            print(*row, flush=True)


def _scenarios(kills: int, crashes: int, limit: float) -> list[tuple[str, str, Callable[[Setup], list[float]]]]:
    killed = [("worker killed", kind, lambda setup: kill_workers(setup, kills, seconds=limit)) for kind in SETUPS]
    return [
        *[("told to stop, 20 running, 50 waiting", kind, lambda setup: [drain(setup, 20, 50)]) for kind in SETUPS],
        *[("worker frozen", kind, lambda setup: [freeze_worker(setup)]) for kind in SETUPS],
        ("broker emptied or restarted", "celery", lambda setup: lose_broker(setup, crashes)),
        *[("database crashed", kind, lambda setup: crash_database(setup, crashes)) for kind in SETUPS[1:]],
        *killed,
    ]


if __name__ == "__main__":
    figures = [int(argument) for argument in sys.argv[1:]]
    main(*(figures + [100, 10, 60][len(figures) :]))
