"""How long a job will take, learned from those that were done: robust lines through the latest runs of its kind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations
from statistics import median
from uuid import UUID

from sqlalchemy import select

from text2song.storage.models import Job, JobStatus
from text2song.storage.session import Sessions

#: Runs that are looked at, the fewest that teach anything, and seconds before the database is asked again.
_RUNS = 30
_FEWEST = 3
_KEEP_SECONDS = 15.0
#: Seconds for which it is known when jobs in line begin.
_WAITS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Effort:
    """What a job will cost: how much is to be made, in its kind's own unit (seconds of music), and by what."""

    amount: float | None = None
    #: A provider, for one: jobs of another variant teach nothing about this one.
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds as a line over the amount."""

    base: float
    slope: float

    def at(self, amount: float | None) -> float:
        """Return the seconds for an amount; the base alone where none is known."""
        return max(self.base + self.slope * (amount or 0.0), 0.0)


def fit(runs: Sequence[tuple[float, float]]) -> Line | None:
    """Return the line of Theil (1950) and Sen (1968) through (amount, seconds), None for fewer than three runs.

    The slope is the median of the slopes between any two runs, so up to 29 % of wild runs leave it sound. More music
    never takes less time: a falling line is made level.
    """
    if len(runs) < _FEWEST:
        return None
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(runs, 2) if a[0] != b[0]]
    slope = max(median(slopes), 0.0) if slopes else 0.0
    return Line(median(seconds - slope * amount for amount, seconds in runs), slope)


def remaining_seconds(expected: float | None, elapsed: float, progress: float) -> float | None:
    """Return the seconds left of a run, None where nothing can be said.

    What was learned counts early, the run's own pace late.
    """
    # Below a few percent the pace would be noise.
    pace = elapsed * (1 - progress) / progress if progress >= 0.04 else None
    if expected is None:
        return pace
    learned = max(expected - elapsed, 0.05 * expected)
    return learned if pace is None else (1 - progress) * learned + progress * pace


def waits(line: Sequence[tuple[UUID, float]], workers: int) -> dict[UUID, float]:
    """Return the seconds that each job of a line, given with what it costs, waits for its start."""
    free = [0.0] * max(workers, 1)
    found: dict[UUID, float] = {}
    for job_id, seconds in line:
        found[job_id] = heappop(free)
        heappush(free, found[job_id] + seconds)
    return found


class Estimates:
    """The lines of one installation, each asked for anew now and then."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lines: dict[tuple[str, str], tuple[float, Line | None]] = {}
        self._waits: tuple[float, dict[UUID, float], frozenset[UUID]] = (-float("inf"), {}, frozenset())
        self._reckoning = threading.Lock()

    def waits(self, wanted: Collection[UUID], reckon: Callable[[], dict[UUID, float]]) -> dict[UUID, float]:
        """Return when jobs in line begin, reckoned within the last second, or now where a wanted one is new.

        Only one thread reckons at a time; the others take what is known.
        """
        asked, known, seen = self._waits
        old = time.monotonic() - asked > _WAITS_SECONDS
        if (old or not seen.issuperset(wanted)) and self._reckoning.acquire(blocking=False):
            try:
                known = reckon()
                self._waits = time.monotonic(), known, frozenset(wanted) if old else seen.union(wanted)
            finally:
                self._reckoning.release()
        return known

    def seconds(self, kind: str, effort: Effort) -> float | None:
        """Return the seconds that a job will take from its start, None before enough have been done."""
        key = kind, effort.variant
        asked, line = self._lines.get(key, (-float("inf"), None))
        if time.monotonic() - asked > _KEEP_SECONDS:
            line = fit(self._runs(kind, effort.variant))
            self._lines[key] = time.monotonic(), line
        return None if line is None else line.at(effort.amount)

    def _runs(self, kind: str, variant: str) -> list[tuple[float, float]]:
        done = select(Job.amount, Job.started_at, Job.finished_at).where(
            Job.kind == kind, Job.variant == variant, Job.status == JobStatus.COMPLETE
        )
        with self._sessions.read() as session:
            rows = session.execute(done.order_by(Job.finished_at.desc()).limit(_RUNS)).all()
        return [(amount or 0.0, (end - start).total_seconds()) for amount, start, end in rows if start and end]
