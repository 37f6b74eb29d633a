"""Health says what it tried, and when requests should go elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

from starlette.testclient import TestClient
from tests.api.conftest import API, BASE, Served
from tests.services.fakes import make_studio

from text2song.api.app import app_of
from text2song.api.readiness import Readiness
from text2song.jobs.roster import own_name

PARTS = ("database", "migrations", "storage", "worker", "queue", "disk")


def checks(served: Served) -> tuple[int, dict[str, bool]]:
    reply = served.get("/health")
    return reply.status_code, {check["name"]: check["healthy"] for check in reply.json()["checks"]}


def test_health_is_degraded_without_a_worker(empty: Served) -> None:
    assert checks(empty) == (503, {name: name != "worker" for name in PARTS})


def test_health_is_well_with_a_worker(empty: Served) -> None:
    empty.studio.roster.sign_in(own_name())
    assert checks(empty) == (200, dict.fromkeys(PARTS, True))
    assert empty.get("/health").headers["cache-control"] == "no-store"


def test_health_notices_a_store_that_cannot_be_written(empty: Served) -> None:
    blobs = empty.studio.work_folder.parent / "blobs"
    shutil.rmtree(blobs)
    blobs.write_text("not a folder")
    status, found = checks(empty)
    assert status == 503
    assert found["storage"] is False
    blobs.unlink()


def test_life_needs_nothing(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    with TestClient(app_of(studio), base_url=BASE) as client:
        studio.close()
        for path in tmp_path.glob("studio.db*"):
            path.unlink()
        (tmp_path / "studio.db").mkdir()
        reply = client.get(f"{API}/health/live")
        assert (reply.status_code, reply.json()["status"]) == (200, "alive")


def test_process_that_drains_sends_everybody_elsewhere(empty: Served) -> None:
    empty.studio.roster.sign_in(own_name())
    assert "connection" not in empty.get("/recent").headers
    readiness = empty.client.app.state.readiness  # type: ignore[attr-defined]
    assert isinstance(readiness, Readiness)
    readiness.draining = True
    reply = empty.get("/health")
    assert (reply.status_code, reply.json()["status"]) == (503, "draining")
    assert empty.get("/recent").headers["connection"] == "close"
    assert empty.get("/health/live").status_code == 200
