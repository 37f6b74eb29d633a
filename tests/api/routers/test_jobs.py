"""Jobs listed and cancelled; their stream is tested over a real socket in tests/api/test_server.py."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import API, Served


def test_jobs_are_listed_and_cancelled(empty: Served) -> None:
    ids = [empty.post("/generate", {"prompt": "x"}).json()["job_id"] for _ in range(3)]
    page = empty.get("/jobs", params={"limit": 2}).json()
    assert page["total"] == 3
    assert [item["job_id"] for item in page["items"]] == sorted(ids, reverse=True)[:2]
    assert empty.client.delete(f"{API}/jobs/{ids[0]}").json()["status"] == "CANCELLED"
    assert empty.get(f"/jobs/{ids[0]}").json()["status"] == "CANCELLED"
    assert empty.get(f"/jobs/{uuid4()}").status_code == 404
    assert empty.get("/jobs", params={"limit": 0}).status_code == 422
    assert empty.get("/jobs", params={"limit": 101}).status_code == 422
