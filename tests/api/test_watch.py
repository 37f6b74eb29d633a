"""Every answer names its request; what the caller sends is used only where it is harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from starlette.testclient import TestClient
from tests.api.conftest import BASE, Served
from tests.services.fakes import make_studio

from text2song.api.app import app_of


def test_every_answer_names_its_request(empty: Served) -> None:
    replies = [empty.get("/recent"), empty.get("/nothing"), empty.post("/generate", {}), empty.client.get("/")]
    names = [reply.headers["x-request-id"] for reply in replies]
    assert len(set(names)) == 4
    assert all(len(name) == 32 for name in names)


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123.DEF_9", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)]
)
def test_a_callers_own_name_is_kept_where_it_is_well_formed(empty: Served, given: str, kept: bool) -> None:
    answered = empty.get("/recent", headers={"x-request-id": given}).headers["x-request-id"]
    assert (answered == given) is kept


def test_a_foreign_request_is_named_as_well(empty: Served) -> None:
    reply = empty.get("/recent", headers={"host": "elsewhere.example"})
    assert reply.status_code == 403
    assert reply.headers["x-request-id"]


def test_a_defect_is_logged_under_the_name_that_its_answer_shows(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    app = app_of(studio)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("broken")

    client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    with client, structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        reply = client.get("/broken")
    assert reply.status_code == 500
    assert [line["request_id"] for line in lines if line["event"] == "request failed"] == [
        reply.headers["x-request-id"]
    ]
    studio.close()
