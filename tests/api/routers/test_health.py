"""Health says what it tried."""

from __future__ import annotations

import shutil

from tests.api.conftest import Served

from text2song.jobs.roster import own_name


def checks(served: Served) -> tuple[int, dict[str, bool]]:
    reply = served.get("/health")
    return reply.status_code, {check["name"]: check["healthy"] for check in reply.json()["checks"]}


def test_health_is_degraded_without_a_worker_and_well_with_one(empty: Served) -> None:
    assert checks(empty) == (503, {"database": True, "storage": True, "worker": False, "disk": True})
    empty.studio.roster.sign_in(own_name())
    assert checks(empty) == (200, {"database": True, "storage": True, "worker": True, "disk": True})


def test_health_notices_a_store_that_cannot_be_written(empty: Served) -> None:
    blobs = empty.studio.work_folder.parent / "blobs"
    shutil.rmtree(blobs)
    blobs.write_text("not a folder")
    status, found = checks(empty)
    assert status == 503
    assert found["storage"] is False
    blobs.unlink()
