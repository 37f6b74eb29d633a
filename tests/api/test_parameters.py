"""No operation ignores a query parameter that it does not have."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from tests.api.conftest import API, Served

from text2song.api.app import describe_app

_OPERATIONS = [
    (method, path)
    for path, methods in describe_app().openapi()["paths"].items()
    for method in methods
    if not path.endswith("/oidc/callback")
]


@pytest.mark.parametrize(("method", "path"), _OPERATIONS)
def test_unknown_parameter_is_named(served: Served, method: str, path: str) -> None:
    address = re.sub(r"\{\w+\}", str(uuid4()), path)
    # Sent with what is known, where anything is: one wrong name is enough.
    reply = served.client.request(method, address, params={"limt": "5"})
    assert reply.status_code == 422, reply.text
    problem = reply.json()
    assert [error["field"] for error in problem["errors"]][:1] == ["limt"]
    assert "limt is not a field of this request" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/recent", {"limit": "5", "scope": "own"}),
        ("/compositions", {"sort": "oldest", "limit": "5"}),
        ("/jobs", {"status": "FAILED", "offset": "0"}),
        ("/stats", {"days": "3"}),
        ("/search", {"q": "night"}),
    ],
)
def test_known_ones_are_taken(served: Served, path: str, params: dict[str, str]) -> None:
    assert served.get(path, params=params).status_code == 200


def test_head_takes_what_get_takes(served: Served) -> None:
    stream = f"{API}/audio/{served.takes[0]}/stream"
    assert served.client.head(stream, params={"format": "wav"}).status_code == 200
    assert served.client.head(stream, params={"fromat": "wav"}).status_code == 422
    assert served.get(f"/audio/{served.takes[0]}/stream", params=[("format", "wav"), ("v", "2")]).status_code == 422


def test_what_another_service_adds_is_passed_over(served: Served) -> None:
    reply = served.get("/auth/oidc/callback", params={"session_state": "x", "iss": "https://id.example"})
    assert reply.status_code == 404
