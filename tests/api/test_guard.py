"""Requests that only a foreign page could have caused are refused; every answer carries the safe headers."""

from __future__ import annotations

import pytest
from tests.api.conftest import API, Served


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::2]:8000"])
def test_foreign_host_is_refused(empty: Served, host: str) -> None:
    reply = empty.get("/recent", headers={"host": host})
    assert reply.status_code == 403
    assert reply.json()["type"].endswith("/foreign-request")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_own_names_are_served(empty: Served, host: str) -> None:
    assert empty.get("/recent", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_foreign_pages_change_nothing(empty: Served, headers: dict[str, str]) -> None:
    assert empty.post("/generate", {"prompt": "x"}, headers=headers).status_code == 403
    assert empty.get("/jobs").json()["total"] == 0


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}])
def test_own_page_and_programs_may(empty: Served, headers: dict[str, str]) -> None:
    assert empty.post("/generate", {"prompt": "x"}, headers=headers).status_code == 202


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_forms_are_not_requests(empty: Served, kind: str) -> None:
    reply = empty.client.post(f"{API}/generate", content='{"prompt": "x"}', headers={"content-type": kind})
    assert reply.status_code == 422


@pytest.mark.parametrize("path", [f"{API}/recent", f"{API}/nothing", "/", f"{API}/audio/7"])
def test_safe_headers_everywhere(empty: Served, path: str) -> None:
    headers = empty.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_unknown_paths_are_problems_not_pages(empty: Served, method: str) -> None:
    reply = empty.client.request(method, f"{API}/nothing/here")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


def test_wrong_method_names_the_right_ones(empty: Served) -> None:
    reply = empty.client.put(f"{API}/jobs/01a1fe36-b7eb-7855-bbec-e81841dd7a9e", json={})
    assert reply.status_code == 405
    assert {"GET", "DELETE"} <= set(reply.headers["allow"].split(", "))
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/recent", "/compositions", "/nothing", "/audio/7", "/openapi.json"])
def test_answers_are_kept_by_nobody(empty: Served, path: str) -> None:
    assert empty.get(path).headers["cache-control"] == "no-store"


def test_sounds_are_kept_by_whoever_hears_them(served: Served) -> None:
    assert served.get(f"/audio/{served.takes[0]}/stream").headers["cache-control"].startswith("private")
