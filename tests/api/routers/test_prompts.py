"""Prompts kept, listed, explained."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import Served


def test_prompt_shows_how_each_value_is_understood(empty: Served) -> None:
    created = empty.post("/prompts", {"prompt": "dreamy synthwave about night drives, 100 bpm", "key": "D minor"})
    assert created.status_code == 201
    shown = empty.get(f"/prompts/{created.json()['id']}").json()
    assert shown["text"] == "dreamy synthwave about night drives, 100 bpm"
    reading = shown["understanding"]
    assert (reading["bpm"], reading["key"]) == (100, "D minor")
    assert reading["sources"]["bpm"] == {"source": "words", "words": "100 bpm"}
    assert reading["sources"]["key"]["source"] == "user"
    assert reading["genres"][0]["name"] == "synthwave"


def test_prompts_are_paged_newest_first(empty: Served) -> None:
    ids = [empty.post("/prompts", {"prompt": f"song {number}"}).json()["id"] for number in range(3)]
    page = empty.get("/prompts", params={"limit": 2, "offset": 0}).json()
    assert (page["total"], page["limit"], page["offset"], len(page["items"])) == (3, 2, 0, 2)
    rest = empty.get("/prompts", params={"limit": 2, "offset": 2}).json()
    assert {item["id"] for item in page["items"] + rest["items"]} == set(ids)
    assert [item["id"] for item in page["items"] + rest["items"]] == sorted(ids, reverse=True)


def test_unplayable_prompt_is_not_kept(empty: Served) -> None:
    assert empty.post("/prompts", {"prompt": "x", "genres": [{"name": "nothinglike"}]}).status_code == 422
    assert empty.get("/prompts").json()["total"] == 0
    assert empty.get(f"/prompts/{uuid4()}").status_code == 404
