"""`/files` and `/analyze` over HTTP, hostile files among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from benchmarks.hostile import honest_files, hostile_files, wav
from tests.api.conftest import API, Served, serve
from tests.services.fakes import stored_files
from tests.services.paths import PATHS

HONEST = honest_files()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve(tmp_path_factory.mktemp("studio"), rate_limits=0)


def send(served: Served, content: bytes, name: str = "demo", kind: str = "OTHER") -> dict[str, object]:
    reply = served.client.post(f"{API}/files", content=content, params={"filename": name, "kind": kind})
    assert reply.status_code == 201, reply.text
    found: dict[str, object] = reply.json()
    return found


def test_a_file_is_shown_sent_back_and_removed(files: Served) -> None:
    content = HONEST["MP3 MPEG_LAYER_III"]
    sent = send(files, content, "Äther.mp3", "REFERENCE")
    path = f"/files/{sent['id']}"
    assert files.get(path).json() == sent
    assert sent["file_url"] == f"{API}{path}/content"
    whole = files.client.get(str(sent["file_url"]))
    assert whole.content == content
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["etag"] == f'"{sent["sha256"]}"'
    assert whole.headers["content-disposition"].startswith("attachment;")
    assert "%C3%84ther.mp3" in whole.headers["content-disposition"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = files.client.get(str(sent["file_url"]), headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert files.client.head(str(sent["file_url"])).headers["content-length"] == str(len(content))
    assert files.client.delete(API + path).status_code == 204
    for gone in (path, f"{path}/content"):
        assert files.get(gone).status_code == 404
    assert files.client.delete(API + path).status_code == 404


def test_a_sound_is_analysed(files: Served) -> None:
    sent = send(files, HONEST["WAV PCM_24"], "a.wav", "REFERENCE")
    reply = files.post("/analyze", {"file_id": sent["id"]})
    assert reply.status_code == 200
    found = reply.json()
    assert found["file_id"] == sent["id"]
    assert (found["bpm"], found["key"], len(found["energy_curve"])) == (None, None, 4)
    assert -20 < found["loudness_lufs"] < -5
    assert files.get(f"/files/{sent['id']}").json()["metadata"]["loudness_lufs"] == found["loudness_lufs"]
    picture = send(files, HONEST["WEBP"])
    assert files.post("/analyze", {"file_id": picture["id"]}).status_code == 409
    assert files.post("/analyze", {"file_id": str(uuid4())}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"file_id": 1}, {"file_id": "x"}, {"file_id": None}, [], "x", {"file": "x"}])
def test_analyses_of_nothing(files: Served, body: object) -> None:
    assert files.post("/analyze", body).status_code == 422


def test_names_lead_nowhere(files: Served) -> None:
    content = wav()
    before = stored_files(files.studio)
    for path in PATHS:
        # A name in a path of the API is an id or nothing.
        for written in (quote(path, safe=""), quote(path, safe="/%;.")):
            reply = files.client.get(f"{API}/files/{written}")
            # Or it led out of the API, where the page is.
            assert reply.status_code in (404, 405, 422) or b"<!doctype html>" in reply.content, path
            assert b"root:" not in reply.content
        reply = files.client.post(f"{API}/files", content=content, params={"filename": path[:300]})
        assert reply.status_code == (422 if "\0" in path[:300] else 201), (path, reply.text)
        if "\0" in path[:300]:
            continue
        shown = reply.json()
        assert "/" not in shown["original_filename"]
        sent = files.client.get(shown["file_url"])
        assert sent.content == content
        assert "\n" not in sent.headers["content-disposition"]
        assert files.client.delete(f"{API}/files/{shown['id']}").status_code == 204
    assert stored_files(files.studio) == before


@pytest.mark.slow
def test_hostile_files_are_harmless(files: Served) -> None:
    statuses = []
    for case in hostile_files(300):
        reply = files.client.post(
            f"{API}/files", content=case.content, params={"filename": "song.wav"}, headers={"content-type": "audio/wav"}
        )
        statuses.append(reply.status_code)
        assert reply.status_code in (201, 422), (case.trouble, reply.text)
        if case.refused:
            assert reply.status_code == 422, case.trouble
            assert "/etc/passwd" not in reply.text
        elif reply.status_code == 201 and reply.json()["media_type"].startswith("audio/"):
            heard = files.post("/analyze", {"file_id": reply.json()["id"]})
            assert heard.status_code in (200, 422), (case.trouble, heard.text)
    assert statuses.count(201) > 20
    assert statuses.count(422) > 150
    assert send(files, HONEST["WAV PCM_16"])


def test_a_song_after_a_reference(files: Served) -> None:
    sent = send(files, HONEST["OGG VORBIS"], kind="REFERENCE")
    wish = {"prompt": "rock song", "reference_file_id": sent["id"], "bpm": 120}
    accepted = files.post("/compositions", wish)
    assert accepted.status_code == 202, accepted.text
    shown = files.get(f"/compositions/{accepted.json()['composition_id']}").json()
    assert shown["request"]["bpm"] == 120
    picture = send(files, HONEST["PNG"])
    for reference, status in ((picture["id"], 409), (str(uuid4()), 404), ("x", 422), (7, 422)):
        assert files.post("/compositions", wish | {"reference_file_id": reference}).status_code == status


def test_a_named_upload_is_kept_once_however_it_is_sent(files: Served) -> None:
    content = HONEST["FLAC PCM_16"]
    named = {"idempotency-key": "upload-1"}

    def form(kind: str = "OTHER") -> Any:
        # Each form has a boundary of its own.
        sent = {"file": ("demo.flac", content, "audio/flac")}
        return files.client.post(f"{API}/files", files=sent, data={"kind": kind}, headers=named)

    first = form()
    assert first.status_code == 201
    assert form().json() == first.json()
    raw = files.client.post(
        f"{API}/files", content=content, params={"filename": "demo.flac", "kind": "OTHER"}, headers=named
    )
    assert raw.json() == first.json()
    refused = form("REFERENCE")
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("/idempotency-key-reused")
    assert send(files, content, "demo.flac")["id"] != first.json()["id"]
    bad = files.client.post(f"{API}/files", content=content, headers={"idempotency-key": "two words"})
    assert bad.status_code == 422


def test_a_named_analysis_is_answered_the_same(files: Served) -> None:
    one, two = (send(files, HONEST["WAV PCM_24"], "a.wav", "REFERENCE") for _ in range(2))
    named = {"idempotency-key": "analysis-1"}
    first = files.post("/analyze", {"file_id": one["id"]}, headers=named)
    assert first.status_code == 200
    assert files.post("/analyze", {"file_id": one["id"]}, headers=named).json() == first.json()
    refused = files.post("/analyze", {"file_id": two["id"]}, headers=named)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
