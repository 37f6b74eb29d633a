"""The library: found, sorted, renamed, taken home, removed."""

from __future__ import annotations

import io
import json
import re
import zipfile
from uuid import uuid4

import pytest
import soundfile
from tests.api.conftest import API, Served
from tests.services.fakes import STEMS, FakeProvider, run_next_job, stored_files


def make(served: Served, prompt: str, title: str | None = None) -> str:
    accepted = served.post("/compositions", {"prompt": prompt, "title": title}).json()
    run_next_job(served.studio, FakeProvider())
    return str(accepted["composition_id"])


def test_composition_shows_job_takes_and_summary(served: Served) -> None:
    song = served.get(f"/compositions/{served.composition_id}").json()
    assert song["job"]["status"] == "COMPLETE"
    assert [take["id"] for take in song["takes"]] == list(served.takes)
    assert song["summary"]["key"] == "A minor"
    assert song["title"] == "Untitled Tone"
    names = [file["name"] for file in song["takes"][0]["files"]]
    assert names[:4] == ["song.wav", "song.flac", "song.mp3", "song.ogg"]
    assert {f"stems/{stem}.flac" for stem in STEMS} < set(names)


def test_library_finds_sorts_and_pages(empty: Served) -> None:
    rain, neon = make(empty, "rain on the roof", "beta"), make(empty, "100% neon_lights", "Alpha")
    waiting = empty.post("/compositions", {"prompt": "rain again", "title": "gamma"}).json()["composition_id"]

    def ids(**query: object) -> list[str]:
        found = empty.get("/compositions", params=query).json()
        assert found["total"] >= len(found["items"])
        return [item["id"] for item in found["items"]]

    assert set(ids()) == {rain, neon, waiting}
    assert set(ids(q="RAIN")) == {rain, waiting}
    assert ids(q="alph") == [neon]
    assert ids(q="100%") == [neon]
    assert ids(q="%") == [neon]
    assert ids(q="neon_li") == [neon]
    assert ids(q="on_li") == ids(q="!?") == []
    assert ids(sort="title") == [neon, rain, waiting]
    assert ids(sort="title", limit=1, offset=1) == [rain]
    assert set(ids(status="COMPLETE")) == {rain, neon}
    assert ids(status="QUEUED") == [waiting]
    assert empty.get("/compositions", params={"limit": 1}).json()["total"] == 3
    assert [item["composition_id"] for item in empty.get("/recent").json()] == [neon, rain]


def test_rename_survives_and_is_checked(empty: Served) -> None:
    song = make(empty, "x")
    reply = empty.client.patch(f"{API}/compositions/{song}", json={"title": " Night “Drive” / 1 "})
    assert reply.json()["title"] == "Night “Drive” / 1"
    assert empty.client.patch(f"{API}/compositions/{song}", json={"title": " "}).status_code == 422
    assert empty.client.patch(f"{API}/compositions/{uuid4()}", json={"title": "x"}).status_code == 404
    download = empty.get(f"/compositions/{song}/files/song.mp3")
    assert "filename*=UTF-8''Night%20%E2%80%9CDrive%E2%80%9D%201.mp3" in download.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "media_type", "start"),
    [
        ("song.wav", "audio/wav", b"RIFF"),
        ("song.flac", "audio/flac", b"fLaC"),
        ("song.ogg", "audio/ogg", b"OggS"),
        ("song.mp3", "audio/mpeg", b""),
        ("score.mid", "audio/midi", b"MThd"),
        ("score.musicxml", "application/vnd.recordare.musicxml+xml", b"<score"),
        ("composition.json", "application/json", b"{"),
        ("report.json", "application/json", b"{"),
    ],
)
def test_files_are_what_they_say(served: Served, name: str, media_type: str, start: bytes) -> None:
    reply = served.get(f"/compositions/{served.composition_id}/files/{name}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == media_type
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.content.startswith(start)
    assert len(reply.content) == int(reply.headers["content-length"])


def test_every_format_decodes_to_the_same_song(served: Served) -> None:
    lengths = {}
    for extension in ("wav", "flac", "mp3", "ogg"):
        content = served.get(f"/compositions/{served.composition_id}/files/song.{extension}").content
        sound, rate = soundfile.read(io.BytesIO(content))
        lengths[extension] = len(sound) / rate
    assert lengths["wav"] == lengths["flac"] == 4.0
    assert abs(lengths["mp3"] - 4.0) < 0.2
    assert abs(lengths["ogg"] - 4.0) < 0.2


def test_recipe_names_the_seed_of_its_take(served: Served) -> None:
    url = f"/compositions/{served.composition_id}/files/recipe.json"
    seeds = [json.loads(served.get(url, params={"take": take}).content)["request"]["seed"] for take in (1, 2)]
    assert seeds == [5, 6]


def test_stems_come_as_one_zip_that_opens(served: Served) -> None:
    reply = served.get(f"/compositions/{served.composition_id}/files/stems.zip", params={"take": 2})
    assert int(reply.headers["content-length"]) == len(reply.content)
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.testzip() is None
        assert [name.rpartition("/")[2] for name in archive.namelist()] == [f"{stem}.flac" for stem in STEMS]
        sound, _ = soundfile.read(io.BytesIO(archive.read(archive.namelist()[0])))
    assert len(sound) == 176_400


def test_missing_files_are_not_found(served: Served) -> None:
    url = f"/compositions/{served.composition_id}/files"
    missing = served.get(f"{url}/lyrics.lrc")
    assert missing.status_code == 404
    assert "song.wav" in missing.json()["errors"][0]["choices"]
    assert served.get(f"{url}/song.wav", params={"take": 3}).status_code == 404
    assert served.get(f"{url}/..%2F..%2Fstudio.db").status_code in (404, 422)
    assert served.get(f"{url}/studio.db").status_code == 422


def test_delete_removes_every_file(empty: Served) -> None:
    song = make(empty, "x")
    assert stored_files(empty.studio)
    assert empty.client.delete(f"{API}/compositions/{song}").status_code == 204
    assert stored_files(empty.studio) == set()
    assert empty.get(f"/compositions/{song}").status_code == 404
    assert empty.client.delete(f"{API}/compositions/{song}").status_code == 404
    assert empty.get("/jobs").json()["total"] == 0


def test_a_daw_project_holds_its_documents_and_every_stem(served: Served) -> None:
    reply = served.get(f"/compositions/{served.composition_id}/files/project.dawproject")
    assert reply.status_code == 200
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert {"project.xml", "metadata.xml"} < set(names)
        assert sorted(name for name in names if name.startswith("audio/")) == [f"audio/{stem}.flac" for stem in STEMS]
        for named in re.findall(r'<File path="([^"]+)"', archive.read("project.xml").decode()):
            assert named in names
    missing = served.get(f"/compositions/{served.composition_id}/files/project.dawproject", params={"take": 9})
    assert missing.status_code == 404


def test_an_edit_is_a_new_composition_that_knows_its_parent(empty: Served) -> None:
    parent = make(empty, "rain on the roof", "Rain")
    answer = empty.post(f"/compositions/{parent}/edits", {"remake": ["verse.1/bass"], "lock": ["drums"]})
    assert answer.status_code == 202
    child = answer.json()["composition_id"]
    run_next_job(empty.studio, FakeProvider())
    shown = empty.get(f"/compositions/{child}").json()
    assert (shown["parent_id"], shown["title"], shown["job"]["status"]) == (parent, "Rain", "COMPLETE")
    assert shown["edits"][0]["remake"] == ["verse.1/bass"]
    assert empty.get(f"/compositions/{parent}").json()["parent_id"] is None


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"remake": ["tuba"]}, 422, "remake"),
        ({"remake": ["verse.9/bass"]}, 422, "remake"),
        ({"remake": ["bass"], "lock": ["kazoo"]}, 422, "lock"),
        ({"remake": ["bass"], "lock": ["bass"]}, 422, "remake"),
        ({}, 422, "remake"),
        ({"bpm": 1}, 422, "bpm"),
        ({"remake": ["bass"], "take": 9}, 409, "take"),
    ],
)
def test_an_edit_that_fits_nothing_is_refused_with_its_field(
    served: Served, body: dict[str, object], status: int, field: str
) -> None:
    answer = served.post(f"/compositions/{served.composition_id}/edits", body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == field


def test_editing_what_is_gone_or_unfinished_is_refused_with_the_reason(empty: Served) -> None:
    assert empty.post(f"/compositions/{uuid4()}/edits", {"remake": ["bass"]}).status_code == 404
    waiting = empty.post("/compositions", {"prompt": "rain"}).json()["composition_id"]
    answer = empty.post(f"/compositions/{waiting}/edits", {"remake": ["bass"]})
    assert answer.status_code == 409
    assert "not finished" in answer.json()["detail"]
    run_next_job(empty.studio, FakeProvider())
    empty.client.delete(f"{API}/compositions/{waiting}")
    assert empty.post(f"/compositions/{waiting}/edits", {"remake": ["bass"]}).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"genre": "synthwave", "favorite": "false", "public": "false", "sort": "relevance", "q": "night"}, 200),
        ({"created_from": "2026-01-01T00:00:00Z", "created_to": "2100-01-01T00:00:00+02:00"}, 200),
        ({"min_duration": 0, "max_duration": 86_400}, 200),
        ({"created_from": "2026-01-01T00:00:00"}, 422),
        ({"created_from": "yesterday"}, 422),
        ({"min_duration": -1}, 422),
        ({"max_duration": "nan"}, 422),
        ({"sort": "best"}, 422),
        ({"favorite": "perhaps"}, 422),
        ({"parent_id": "7"}, 422),
        ({"genre": "x" * 61}, 422),
        ({"limit": 0}, 422),
        ({"limit": 101}, 422),
        ({"offset": -1}, 422),
        ({"colour": "blue"}, 422),
    ],
)
def test_filters_of_the_library(served: Served, query: dict[str, object], status: int) -> None:
    reply = served.get("/compositions", params=query)
    assert reply.status_code == status
    if status == 200:
        assert [item["id"] for item in reply.json()["items"]] == [served.composition_id]
    else:
        assert reply.json()["errors"][0]["field"] == next(iter(query))


def test_takes_show_how_often_they_were_heard_and_whether_one_likes_them(served: Served) -> None:
    take = served.takes[0]
    served.post("/favorite", {"generation_id": take, "is_favorited": True})
    plays = served.post("/track-play", {"generation_id": take}).json()["play_count"]
    listed = served.get("/compositions", params={"favorite": "true"}).json()["items"][0]["takes"]
    for shown in (listed[0], served.get(f"/audio/{take}").json()):
        assert (shown["play_count"], shown["is_favorited"], shown["favorite_count"]) == (plays, True, 1)
    assert listed[1]["is_favorited"] is False
