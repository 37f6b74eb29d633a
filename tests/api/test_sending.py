"""File names in headers: readable everywhere, never able to break out."""

from __future__ import annotations

import hashlib
import io
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from tests.api.conftest import API, Served, serve
from tests.services.fakes import STEMS, FakeProvider, run_next_job
from tests.swift_server import S3Server

from text2song.api.sending import disposition


@pytest.mark.parametrize(
    "name", ["song.wav", 'a"b.wav', "a\\b.wav", "Äther – 2.wav", "أغنية.wav", "a\r\nSet-Cookie: x.wav"]
)
def test_disposition_is_one_safe_header(name: str) -> None:
    header = disposition(name.replace("\r\n", " "), download=True)
    assert header.startswith('attachment; filename="')
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2


def test_names_come_back_whole() -> None:
    assert disposition("Äther.wav", download=False) == "inline; filename=\"_ther.wav\"; filename*=UTF-8''%C3%84ther.wav"


@pytest.fixture
def stored(tmp_path: Path, s3: S3Server) -> Iterator[Served]:
    """A studio whose files are in a bucket, with one finished song."""
    for made in serve(tmp_path, **s3.settings(f"songs-{uuid4()}")):
        accepted = made.post(
            "/generate", {"prompt": "dreamy synthwave, 60 seconds", "title": "Äther", "seed": 5}
        ).json()
        run_next_job(made.studio, FakeProvider())
        made.composition_id = accepted["composition_id"]
        made.takes = tuple(item["id"] for item in made.get(f"/generate/{accepted['job_id']}").json()["samples"])
        yield made


def test_files_in_a_bucket_are_read_from_there(stored: Served) -> None:
    take = stored.get(f"/audio/{stored.takes[0]}").json()
    listed = {file["name"]: file for file in take["files"]}
    assert {"stems.zip", "project.dawproject", "song.flac"} <= set(listed)
    paths = [(f"/audio/{stored.takes[0]}/stream", "song.flac", "inline")]
    paths += [(f"/audio/{stored.takes[0]}/stream?stem=bass", "stems/bass.flac", "inline")]
    paths += [(f"/compositions/{stored.composition_id}/files/{name}", name, "attachment") for name in FILES]
    for path, name, kind in paths:
        reply = stored.client.get(API + path, follow_redirects=False)
        assert reply.status_code == 307, name
        assert reply.content == b""
        assert reply.headers["cache-control"] == "no-store"
        link = reply.headers["location"]
        assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["900"]
        with urllib.request.urlopen(link, timeout=30) as there:  # noqa: S310 - loopback
            content = there.read()
            assert there.headers["Content-Type"] == listed[name]["media_type"]
            assert there.headers["Content-Disposition"].startswith(f"{kind}; filename=")
            assert "%C3%84ther" in there.headers["Content-Disposition"]
        assert (len(content), hashlib.sha256(content).hexdigest()) == (listed[name]["bytes"], listed[name]["sha256"])
        head = stored.client.head(API + path, follow_redirects=False)
        assert (head.status_code, head.content) == (307, b"")
        if name == "stems.zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert archive.testzip() is None
                assert archive.namelist() == [f"stems/{stem}.flac" for stem in STEMS]


FILES = ("stems.zip", "project.dawproject", "song.wav", "score.mid", "recipe.json", "report.json")


def test_a_download_from_a_bucket_is_fetched_not_posted_there(stored: Served) -> None:
    reply = stored.client.post(f"{API}/download/{stored.takes[0]}", follow_redirects=False)
    assert reply.status_code == 303
    with urllib.request.urlopen(reply.headers["location"], timeout=30) as there:  # noqa: S310 - loopback
        assert there.read()[:4] == b"fLaC"
