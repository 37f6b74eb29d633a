"""Each kind of failure has one status; defects say nothing of what is inside."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from text2song.api import errors
from text2song.domain.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RefusedError,
    StudioError,
    UnavailableError,
)


class ParticularError(InvalidError):
    """One of the many below the five."""

    slug = "particular"


def reply_to(error: Exception) -> tuple[int, dict[str, object]]:
    app = FastAPI()
    errors.install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    reply = TestClient(app, raise_server_exceptions=False).get("/")
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status_code, reply.json()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (NotFoundError, 404),
        (ConflictError, 409),
        (RefusedError, 403),
        (InvalidError, 422),
        (UnavailableError, 503),
        (ParticularError, 422),
    ],
)
def test_kinds(kind: type[StudioError], status: int) -> None:
    found, body = reply_to(kind("a sentence"))
    assert found == body["status"] == status
    assert body["type"] == f"https://text2song.dev/problems/{kind.slug}"
    assert body["detail"] == "a sentence"
    assert body["errors"] == []


def test_fields_are_spelled_as_the_caller_does() -> None:
    _, body = reply_to(InvalidError("too long", field="duration_seconds", choices=("30", "60")))
    assert body["errors"] == [{"field": "duration", "detail": "too long", "choices": ["30", "60"]}]


def test_defects_keep_their_secrets() -> None:
    status, body = reply_to(ZeroDivisionError("password=hunter2"))
    assert status == 500
    assert "hunter2" not in str(body)
    assert body["type"] == "https://text2song.dev/problems/internal"
