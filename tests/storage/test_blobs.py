"""Blobs: whole or not at all, found by key, never outside their folder."""

from __future__ import annotations

import hashlib
import os
import resource
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from obstore.store import MemoryStore
from tests.servers import free_port
from tests.swift_server import S3Server

from text2song.storage.blobs import (
    CHUNK_BYTES,
    PART_BYTES,
    BlobExistsError,
    BlobKeyError,
    BlobNotFoundError,
    Blobs,
    BlobsFullError,
    BlobsUnavailableError,
)
from text2song.storage.buckets import bucket_of


@pytest.fixture(params=["local", "memory", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "local":
        return Blobs.local(tmp_path / "blobs")
    return Blobs(MemoryStore()) if request.param == "memory" else bucket_blobs(request.getfixturevalue("s3"))


def bucket_blobs(server: S3Server, **changes: Any) -> Blobs:
    """A folder of a fresh bucket of a real server."""
    name = f"blobs-{uuid4()}"
    server.make_bucket(name)
    keys = (server.access_key, server.secret_key)
    options = {"endpoint": server.endpoint, "region": server.region, "keys": keys} | changes
    return Blobs.remote(bucket_of(f"s3://{name}/studio", **options))


def test_round_trip_of_bytes_and_files(blobs: Blobs, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"0123456789")
    blobs.put("takes/a/song.wav", source)
    blobs.put("takes/a/b.txt", b"x")
    assert blobs.get("takes/a/song.wav") == b"0123456789"
    assert blobs.size("takes/a/song.wav") == 10
    assert blobs.range("takes/a/song.wav", 2, 5) == b"234"
    assert blobs.range("takes/a/song.wav", 5, 5) == b""
    assert blobs.list("takes") == ("takes/a/b.txt", "takes/a/song.wav")


def test_put_replaces(blobs: Blobs) -> None:
    blobs.put("a/b", b"old and longer")
    blobs.put("a/b", b"new")
    assert blobs.get("a/b") == b"new"


def test_chunks_join_to_the_content(blobs: Blobs) -> None:
    content = bytes(range(256)) * 3000
    blobs.put("a/b", content)
    chunks = list(blobs.chunks("a/b", 10, len(content) - 3))
    assert b"".join(chunks) == content[10:-3]
    assert max(map(len, chunks)) == CHUNK_BYTES


def test_folders_and_their_removal(blobs: Blobs) -> None:
    for key in ("takes/a.1/x", "takes/a.1/stems/y", "takes/b.2/x"):
        blobs.put(key, b"x")
    assert blobs.folders("takes") == ("takes/a.1", "takes/b.2")
    blobs.delete_folder("takes/a.1")
    blobs.delete_folder("takes/never-there")
    assert blobs.folders("takes") == ("takes/b.2",)
    assert blobs.list("takes") == ("takes/b.2/x",)


def test_staging_files_of_a_killed_writer_go_with_their_folder(tmp_path: Path) -> None:
    blobs = Blobs.local(tmp_path)
    half = tmp_path / "takes" / "a.1" / "song.flac#1"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    assert blobs.list("takes") == ()
    assert blobs.folders("takes") == ("takes/a.1",)
    blobs.delete_folder("takes/a.1")
    assert not half.parent.exists()


def test_missing_file_says_so(blobs: Blobs) -> None:
    for read in (blobs.get, blobs.size, lambda key: blobs.range(key, 0, 1)):
        with pytest.raises(BlobNotFoundError):
            read("nothing/here")


@pytest.mark.parametrize(
    "key", ["", "/a", "../a", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a\\b", "a#1", "a\x00", "ü"]
)
def test_unsafe_keys_are_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(BlobKeyError):
        blobs.put(key, b"x")
    with pytest.raises(BlobKeyError):
        blobs.get(key)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BlobsUnavailableError, match="cannot be made"):
        Blobs.local(tmp_path / "file" / "blobs")


def test_probe_leaves_nothing(blobs: Blobs) -> None:
    blobs.probe()
    assert blobs.list("health") == ()


def test_what_is_there_is_not_made_again(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"second")
    blobs.create("files/a", b"first", "audio/flac")
    for content in (b"second", tmp_path / "file"):
        with pytest.raises(BlobExistsError):
            blobs.create("files/a", content)
    assert blobs.get("files/a") == b"first"
    assert blobs.list("files") == ("files/a",)


def test_a_large_file_is_read_back_with_its_hash(blobs: Blobs, tmp_path: Path) -> None:
    content = os.urandom(1 << 20) * 17 + b"rest"
    assert len(content) > PART_BYTES
    (tmp_path / "large").write_bytes(content)
    blobs.put("takes/large", tmp_path / "large", "audio/wav")
    found = blobs.digest("takes/large")
    assert (found.bytes, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert blobs.range("takes/large", PART_BYTES - 2, PART_BYTES + 2) == content[PART_BYTES - 2 : PART_BYTES + 2]
    blobs.create("takes/large-once", tmp_path / "large")
    assert blobs.digest("takes/large-once") == found
    with pytest.raises(BlobNotFoundError):
        blobs.digest("takes/never")


def test_old_files_are_told_from_new_ones(blobs: Blobs) -> None:
    blobs.put("files/a", b"a")
    hour = timedelta(hours=1)
    assert blobs.list("files", before=datetime.now(UTC) + hour) == ("files/a",)
    assert blobs.list("files", before=datetime.now(UTC) - hour) == ()


def test_files_go_once(blobs: Blobs) -> None:
    for key in ("a/1", "a/2", "b/1"):
        blobs.put(key, b"x")
    blobs.delete(["a/1", "a/never", "b/1"])
    blobs.delete(["a/1"])
    blobs.delete([])
    assert blobs.list("a") == ("a/2",)
    assert blobs.list("b") == ()


def test_a_link_names_and_types_the_file(s3: S3Server) -> None:
    blobs = bucket_blobs(s3)
    blobs.put("takes/a/song.flac", b"0123456789", "audio/flac")
    named = "attachment; filename=\"_.flac\"; filename*=UTF-8''%C3%84.flac"
    link = blobs.link("takes/a/song.flac", seconds=60, disposition=named, media_type="audio/x-test")
    assert link.startswith(f"{blobs.public_origin}/")
    asked = urllib.request.Request(link, headers={"Range": "bytes=2-4"})  # noqa: S310 - loopback
    with urllib.request.urlopen(asked, timeout=30) as reply:  # noqa: S310 - loopback
        assert reply.status == 206
        assert reply.headers["Content-Type"] == "audio/x-test"
        assert reply.headers["Content-Disposition"] == named
        assert reply.headers["Content-Range"] == "bytes 2-4/10"
        assert reply.read() == b"234"
    for broken in (link.replace("song.flac?", "other.flac?"), link[:-1] + ("0" if link[-1] != "0" else "1")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(broken, timeout=30)  # noqa: S310 - loopback
        with refused.value:
            assert refused.value.code == 403


def test_files_on_a_disk_have_no_link(tmp_path: Path) -> None:
    blobs = Blobs.local(tmp_path)
    assert (blobs.is_remote, blobs.public_origin) == (False, "")
    with pytest.raises(ValueError, match="no address"):
        blobs.link("a/b", seconds=60, disposition="inline", media_type="audio/flac")


def test_a_bucket_that_is_away_or_refuses_says_so(s3: S3Server) -> None:
    away = bucket_blobs(s3, endpoint=f"http://127.0.0.1:{free_port()}")
    strange = bucket_blobs(s3, keys=(s3.access_key, "wrong"))
    missing = Blobs.remote(bucket_of("s3://never-made", endpoint=s3.endpoint, region="us-east-1", keys=("a", "b")))
    started = datetime.now(UTC)
    for blobs, words in ((away, "does not answer"), (strange, "refuses"), (missing, "refuses")):
        with pytest.raises(BlobsUnavailableError, match=words) as told:
            blobs.put("a/b", b"x")
        assert "127.0.0.1" not in told.value.message
        with pytest.raises(BlobsUnavailableError, match=words):
            blobs.list("a")
    assert datetime.now(UTC) - started < timedelta(seconds=30)


@contextmanager
def largest_file(length: int) -> Iterator[None]:
    """No file of this process may grow longer, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("way", ["put", "create"])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, way: str) -> None:
    blobs = Blobs.local(tmp_path)
    (source := tmp_path / "source").write_bytes(bytes(1 << 20))
    key = "takes/a/song.wav" if way == "put" else "takes/b/song.wav"
    blobs.put("takes/a/song.wav", b"old")
    for data in (source, bytes(1 << 20)):
        with largest_file(1 << 16), pytest.raises(BlobsFullError, match="disk is full"):
            getattr(blobs, way)(key, data)
        assert blobs.list("takes") == ("takes/a/song.wav",)
        assert blobs.get("takes/a/song.wav") == b"old"
        leavings = [path.name for path in tmp_path.rglob("*#*")]
        assert leavings == []
    getattr(blobs, way)(key, source)
    assert blobs.size(key) == 1 << 20
