"""What a listener sees of a job: one word, a percentage, an honest estimate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from text2song.domain.ids import uuid7
from text2song.services.views import Status, view_job
from text2song.storage.models import Job, JobStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def job(status: JobStatus, stage: str = "", progress: float = 0.0, seconds: float = 0.0) -> Job:
    return Job(
        id=uuid7(),
        kind="compose",
        payload={},
        status=status,
        stage=stage,
        progress=progress,
        created_at=NOW,
        started_at=NOW - timedelta(seconds=seconds),
        updated_at=NOW,
        revision=1,
    )


@pytest.mark.parametrize(
    ("status", "stage", "seen"),
    [
        (JobStatus.QUEUED, "waiting", Status.QUEUED),
        (JobStatus.RUNNING, "rendering bass", Status.RENDERING),
        (JobStatus.RUNNING, "take 2 of 2: mastering", Status.MASTERING),
        (JobStatus.RUNNING, "packing", Status.MASTERING),
        (JobStatus.COMPLETE, "done", Status.COMPLETE),
        (JobStatus.FAILED, "failed", Status.FAILED),
        (JobStatus.CANCELLED, "cancelled", Status.CANCELLED),
    ],
)
def test_status(status: JobStatus, stage: str, seen: Status) -> None:
    assert view_job(job(status, stage), NOW).status == seen


@pytest.mark.parametrize(
    ("progress", "seconds", "eta"), [(0.5, 10, 10.0), (0.9, 9, 1.0), (0.25, 2, 6.0), (0.01, 10, None)]
)
def test_estimate_goes_on_as_it_went(progress: float, seconds: float, eta: float | None) -> None:
    assert view_job(job(JobStatus.RUNNING, "rendering", progress, seconds), NOW).eta_seconds == eta


def test_no_estimate_for_what_does_not_run() -> None:
    assert view_job(job(JobStatus.QUEUED, "waiting", 0.5, 10), NOW).eta_seconds is None
