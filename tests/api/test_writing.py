"""An answer written in its thread is the one that the framework would have written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field, ValidationError
from starlette.testclient import TestClient

from text2song.api.writing import written


class Thing(BaseModel):
    """An answer with what JSON has no word for."""

    name: str = Field(serialization_alias="called", min_length=1)
    when: datetime
    size: float | None = None


def things(count: int = 1) -> list[Thing]:
    """List things; in a thread of its own."""
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    return [Thing(name="ä", when=datetime(2026, 1, 2, tzinfo=UTC), size=number or None) for number in range(count)]


def served() -> FastAPI:
    app = FastAPI()
    app.get("/plain", name="things")(things)
    app.get("/written", name="things")(written(things))
    return app


def test_the_answer_and_its_description_stay_the_same() -> None:
    client = TestClient(served())
    for query in ("", "?count=3", "?count=x"):
        plain, fast = (client.get(f"/{path}{query}") for path in ("plain", "written"))
        assert (plain.status_code, plain.content) == (fast.status_code, fast.content)
        assert plain.headers["content-type"] == fast.headers["content-type"]
    assert client.get("/written?count=2").json()[1] == {"called": "ä", "when": "2026-01-02T00:00:00Z", "size": 1.0}
    paths = client.get("/openapi.json").json()["paths"]
    answers = [paths[path]["get"]["responses"]["200"]["content"]["application/json"] for path in ("/plain", "/written")]
    assert [answer["schema"]["items"] for answer in answers] == [{"$ref": "#/components/schemas/Thing"}] * 2


def test_what_was_not_promised_is_not_sent() -> None:
    def broken() -> Thing:
        return 7  # type: ignore[return-value]

    with pytest.raises(ValidationError):
        written(broken)()
