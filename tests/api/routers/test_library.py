"""The library over HTTP: the seed documents' names, figures and limits."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
import soundfile
from tests.api.conftest import API, Served
from tests.services.fakes import FakeProvider, run_next_job

FIELDS = {
    *("generation_id", "prompt", "status", "device", "precision", "generation_time", "realtime_factor", "audio_url"),
    *("file_size_mb", "duration", "sample_rate", "play_count", "download_count", "is_favorited", "last_played"),
    "created_at",
}
LISTS = ("/recent", "/most-played", "/search?q=synthwave")


@pytest.mark.parametrize("path", LISTS)
def test_lists_speak_of_generations(served: Served, path: str) -> None:
    found = served.get(path).json()
    assert {record["generation_id"] for record in found} == set(served.takes)
    for record in found:
        assert set(record) > FIELDS
        assert record["status"] == "COMPLETE"
        assert (record["device"], record["precision"], record["sample_rate"]) == ("cpu", "float32", 44_100)
        assert record["duration"] == 4.0
        sound = served.client.get(record["audio_url"])
        assert sound.status_code == 200
        assert record["file_size_mb"] == round(len(sound.content) / 1e6, 3)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("limit", "status"), [("0", 422), ("1", 200), ("100", 200), ("101", 422), ("x", 422)])
def test_limits_of_lists(served: Served, path: str, limit: str, status: int) -> None:
    reply = served.get(path, params={"limit": limit, **({"q": "tone"} if "search" in path else {})})
    assert reply.status_code == status


@pytest.mark.parametrize(
    ("q", "status"), [(None, 422), ("", 422), ("x", 200), ("x" * 200, 200), ("x" * 201, 422), ("a\0b", 422)]
)
def test_a_search_needs_words(served: Served, q: str | None, status: int) -> None:
    assert served.get("/search", params={} if q is None else {"q": q}).status_code == status


@pytest.mark.parametrize("q", ['"', "'", "a OR", "NOT", "(", "*", "%00", "😀", "-", "' OR 1=1 --", "ﷺ", "\u202e"])
def test_a_search_takes_any_text(served: Served, q: str) -> None:
    assert served.get("/search", params={"q": q}).status_code == 200


def test_plays_are_tracked(empty: Served, served: Served) -> None:
    take = served.takes[0]
    before = served.get("/most-played").json()
    counted = {record["generation_id"]: record["play_count"] for record in before}[take]
    reply = served.post("/track-play", {"generation_id": take, "play_duration": 2.5})
    assert (reply.status_code, reply.json()["play_count"]) == (200, counted + 1)
    assert served.post("/track-play", {"generation_id": take}).json()["play_count"] == counted + 2
    top = served.get("/most-played", params={"limit": 1}).json()[0]
    assert (top["generation_id"], top["last_played"] is not None) == (take, True)
    assert empty.post("/track-play", {"generation_id": take}).status_code == 404


def test_a_favorite_is_toggled(served: Served) -> None:
    body = {"generation_id": served.takes[1]}
    marks = [served.post("/favorite", body).json()["is_favorited"] for _ in range(3)]
    assert marks == [True, False, True]
    shown = {record["generation_id"]: record["is_favorited"] for record in served.get("/recent").json()}
    assert shown == {served.takes[0]: False, served.takes[1]: True}
    for _ in range(2):
        assert served.post("/favorite", {**body, "is_favorited": False}).json()["favorite_count"] == 0


def test_a_download_is_a_file_and_is_counted(served: Served) -> None:
    take = served.takes[0]
    for name, media_type in (("wav", "audio/wav"), ("flac", "audio/flac")):
        reply = served.client.post(f"{API}/download/{take}", params={"format": name})
        assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
        assert reply.headers["content-disposition"].startswith("attachment")
        sound, rate = soundfile.read(io.BytesIO(reply.content))
        assert len(sound) / rate == 4.0
    counts = {record["generation_id"]: record["download_count"] for record in served.get("/recent").json()}
    assert counts == {take: 2, served.takes[1]: 0}
    assert served.client.post(f"{API}/download/{take}", params={"format": "exe"}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"generation_id": "x"},
        {"generation_id": 7},
        {"generation_id": None},
        {"generation_id": "{take}", "play_duration": -1},
        {"generation_id": "{take}", "play_duration": "12"},
        {"generation_id": "{take}", "play_duration": 86_401},
        {"generation_id": "{take}", "unknown": 1},
    ],
)
def test_wrong_bodies_are_refused(served: Served, body: dict[str, object]) -> None:
    filled = {key: served.takes[0] if value == "{take}" else value for key, value in body.items()}
    assert served.post("/track-play", filled).status_code == 422
    if "play_duration" not in body:
        assert served.post("/favorite", filled).status_code == 422


def test_unknown_takes_are_not_found(served: Served) -> None:
    body = {"generation_id": str(uuid4())}
    assert served.post("/track-play", body).status_code == 404
    assert served.post("/favorite", body).status_code == 404
    assert served.client.post(f"{API}/download/{uuid4()}").status_code == 404
    assert served.client.post(f"{API}/download/nothing").status_code == 422


def test_a_download_is_whole_whatever_the_browser_holds(served: Served) -> None:
    address = f"{API}/download/{served.takes[0]}"
    whole = served.client.post(address)
    for headers in ({"Range": "bytes=0-9"}, {"If-None-Match": whole.headers["etag"]}):
        reply = served.client.post(address, headers=headers)
        assert (reply.status_code, len(reply.content)) == (200, len(whole.content))


@pytest.mark.parametrize(
    ("days", "status"), [("0", 422), ("1", 200), ("365", 200), ("366", 422), ("x", 422), ("1.5", 422)]
)
def test_days_of_the_statistics(served: Served, days: str, status: int) -> None:
    reply = served.get("/stats", params={"days": days})
    assert reply.status_code == status
    if status == 200:
        assert len(reply.json()["daily"]) == int(days)


def test_statistics_speak_of_generations(empty: Served, served: Served) -> None:
    stats = served.get("/stats").json()
    assert (stats["total_generations"], stats["successful_generations"], stats["success_rate"]) == (2, 2, 1.0)
    assert stats["avg_generation_time"] > 0
    assert stats["avg_realtime_factor"] > 0
    assert stats["top_genres"] == [{"genre": "synthwave", "count": 2}]
    assert stats["daily"][-1]["total_generations"] == 2
    assert sum(day["total_plays"] for day in stats["daily"]) == stats["total_plays"]
    nothing = empty.get("/stats").json()
    assert (nothing["total_generations"], nothing["avg_generation_time"]) == (0, None)


def test_songs_taken_by_their_files_count_too(empty: Served) -> None:
    song = empty.post("/generate", {"prompt": "a tone"}).json()["composition_id"]
    run_next_job(empty.studio, FakeProvider())
    files = f"/compositions/{song}/files"
    whole = empty.get(f"{files}/song.mp3")
    for headers in ({"Range": "bytes=0-9"}, {"If-None-Match": whole.headers["etag"]}):
        empty.get(f"{files}/song.mp3", headers=headers)
    empty.client.head(f"{API}{files}/song.wav")
    empty.get(f"{files}/score.mid")
    assert empty.get("/recent").json()[0]["download_count"] == 1
    assert empty.get("/stats").json()["total_downloads"] == 1


def test_the_description_names_what_is_sent(served: Served) -> None:
    parts = served.get("/openapi.json").json()["components"]["schemas"]
    sent = {
        "RecordOut": served.get("/recent").json()[0],
        "TakeDetailsOut": served.get(f"/audio/{served.takes[0]}").json(),
        "StatsOut": served.get("/stats").json(),
        "FavoriteOut": served.post("/favorite", {"generation_id": served.takes[0]}).json(),
        "PlayedOut": served.post("/track-play", {"generation_id": served.takes[0]}).json(),
    }
    assert {name: set(parts[name]["properties"]) for name in sent} == {name: set(body) for name, body in sent.items()}
