"""Blobs: whole or not at all, found by key, never outside their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from obstore.store import MemoryStore

from text2song.storage.blobs import CHUNK_BYTES, BlobKeyError, BlobNotFoundError, Blobs, BlobsUnavailableError


@pytest.fixture(params=["local", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs.local(tmp_path / "blobs") if request.param == "local" else Blobs(MemoryStore())


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
