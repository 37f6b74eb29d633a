"""Files of users: whole or not at all, their owner's alone, named without harm."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import pytest
from benchmarks.hostile import honest_files, wav
from tests.services.fakes import make_studio, stored_files
from tests.services.paths import PATHS
from tests.swift_server import S3Server

from text2song.domain.errors import StudioError
from text2song.domain.identity import LOCAL_OWNER, Actor, Plan
from text2song.domain.ids import made_at, uuid7
from text2song.services.decoding import UnreadableFileError
from text2song.services.files import (
    FileView,
    Kind,
    NoSoundError,
    QuotaError,
    Upload,
    WrongKindError,
    analyze_file,
    clean_name,
    delete_file,
    file_content,
    get_file,
    keep_upload,
)
from text2song.services.idempotency import KeyReusedError, RequestKey
from text2song.services.sniffing import UnsupportedFileError
from text2song.services.studio import Studio
from text2song.services.sweeping import UPLOADS, sweep
from text2song.services.takes import read_chunks
from text2song.storage.blobs import Blobs
from text2song.storage.repositories.base import RowNotFoundError

HONEST = honest_files()
STRANGER = Actor(uuid4(), frozenset({"read", "write"}), Plan.FREE)


@pytest.fixture(scope="module", params=["local", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    server: S3Server | None = request.getfixturevalue("s3") if request.param == "bucket" else None
    settings = server.settings(f"files-{uuid4()}") if server else {}
    made = make_studio(tmp_path_factory.mktemp("studio"), upload_quota_bytes=10**6, **settings)
    yield made
    made.close()


def keep(studio: Studio, content: bytes, name: str = "x", kind: Kind = Kind.OTHER, key: str | None = None) -> FileView:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return keep_upload(studio, LOCAL_OWNER, Upload(file, len(content), name, kind), key)


def test_a_sound_is_kept_described_heard_and_removed(files: Studio) -> None:
    content = HONEST["FLAC PCM_16"]
    view = keep(files, content, "C:\\My songs\\demo.flac", Kind.REFERENCE)
    assert get_file(files, LOCAL_OWNER, view.id) == view
    assert (view.kind, view.original_filename, view.media_type) == ("REFERENCE", "demo.flac", "audio/flac")
    assert (view.file_size, view.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert view.metadata == {"duration_seconds": 0.4, "sample_rate": 22_050, "channels": 2}
    file = file_content(files, LOCAL_OWNER, view.id)
    assert b"".join(read_chunks(files, file, 0, file.bytes)) == content
    heard = analyze_file(files, LOCAL_OWNER, view.id)
    assert heard.metadata["loudness_lufs"] < 0
    assert set(heard.metadata) >= {"bpm", "key", "energy", "energy_curve", "duration_seconds"}
    started = time.monotonic()
    assert analyze_file(files, LOCAL_OWNER, view.id) == heard
    assert time.monotonic() - started < 1
    assert get_file(files, LOCAL_OWNER, view.id) == heard
    delete_file(files, LOCAL_OWNER, view.id)
    with pytest.raises(RowNotFoundError):
        get_file(files, LOCAL_OWNER, view.id)
    assert files.blobs.list(UPLOADS) == ()


def test_pictures_are_kept_but_not_heard(files: Studio) -> None:
    view = keep(files, HONEST["PNG"], "art.jpg", Kind.COVER)
    assert (view.media_type, view.metadata) == ("image/png", {"width": 64, "height": 48})
    with pytest.raises(NoSoundError):
        analyze_file(files, LOCAL_OWNER, view.id)
    delete_file(files, LOCAL_OWNER, view.id)


def test_every_format_that_is_taken(files: Studio) -> None:
    types = {"WAV": "audio/wav", "FLAC": "audio/flac", "OGG": "audio/ogg", "MP3": "audio/mpeg"}
    types |= {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
    assert {name.split()[0] for name in HONEST} == set(types)
    for name, content in HONEST.items():
        view = keep(files, content, name)
        file = file_content(files, LOCAL_OWNER, view.id)
        assert view.media_type == types[name.split()[0]]
        assert b"".join(read_chunks(files, file, 0, file.bytes)) == content
        delete_file(files, LOCAL_OWNER, view.id)


def test_files_of_others_are_not_there(files: Studio) -> None:
    view = keep(files, HONEST["OGG VORBIS"])
    for use in (get_file, file_content, analyze_file, delete_file):
        with pytest.raises(RowNotFoundError):
            use(files, STRANGER, view.id)
    assert get_file(files, LOCAL_OWNER, view.id) == view
    delete_file(files, LOCAL_OWNER, view.id)


@pytest.mark.parametrize(
    ("name", "kind", "error"),
    [
        ("PNG", Kind.REFERENCE, WrongKindError),
        ("WAV PCM_16", Kind.COVER, WrongKindError),
        ("text", Kind.OTHER, UnsupportedFileError),
        ("half", Kind.OTHER, UnreadableFileError),
        ("large", Kind.OTHER, QuotaError),
    ],
)
def test_what_is_refused_leaves_nothing(files: Studio, name: str, kind: Kind, error: type[StudioError]) -> None:
    wrong = {"text": b"a song", "half": HONEST["FLAC PCM_16"][:60]}
    content = (HONEST | wrong).get(name) or wav(data=bytes(1_100_000))
    with pytest.raises(error):
        keep(files, content, kind=kind)
    assert files.blobs.list(UPLOADS) == ()


def test_files_without_a_row_go_after_an_hour(studio: Studio) -> None:
    old, new = _id_of(studio, timedelta(hours=-2)), uuid7()
    view = keep(studio, HONEST["WAV PCM_16"])
    for id_ in (old, new):
        studio.blobs.put(f"{UPLOADS}/{id_}/content.wav", b"x")
    assert sweep(studio) == 1
    assert {key.split("/")[1] for key in studio.blobs.list(UPLOADS)} == {str(new), str(view.id)}


def test_a_broken_name_leads_nowhere(studio: Studio) -> None:
    assert len(PATHS) >= 200
    content = HONEST["WAV PCM_16"]
    view = keep(studio, content)
    before = stored_files(studio)
    for path in PATHS:
        name = clean_name(path)
        assert len(name) <= 130
        assert not set(name) & set('/\\<>:"|?*\x00\r\n\t')
        assert name not in (".", "..")
        assert not name.startswith(".")
        assert not any(ord(char) in range(0x202A, 0x202F) or char == "\u200b" for char in name)
    for path in PATHS[::10]:
        other = keep(studio, content, path)
        assert other.original_filename
        delete_file(studio, LOCAL_OWNER, other.id)
    assert stored_files(studio) == before
    assert get_file(studio, LOCAL_OWNER, view.id) == view


def _id_of(studio: Studio, since: timedelta) -> UUID:
    milliseconds = int((studio.queue.clock() + since).timestamp() * 1000)
    found = UUID(int=(milliseconds << 80) | (uuid7().int & ((1 << 80) - 1)))
    assert abs(made_at(found) - studio.queue.clock() - since) < timedelta(seconds=5)
    return found


def test_a_file_sent_twice_under_one_name_is_kept_once(files: Studio) -> None:
    content, key = HONEST["FLAC PCM_16"], str(uuid4())
    before = len(files.blobs.list(UPLOADS))
    first = keep(files, content, "a.flac", key=key)
    assert keep(files, content, "a.flac", key=key) == first
    assert len(files.blobs.list(UPLOADS)) == before + 1
    for other in ((content, "b.flac", Kind.OTHER), (content, "a.flac", Kind.REFERENCE), (wav(), "a.flac", Kind.OTHER)):
        with pytest.raises(KeyReusedError):
            keep(files, *other, key=key)
    assert len(files.blobs.list(UPLOADS)) == before + 1
    assert keep(files, content, "a.flac").id != first.id


def test_a_file_sent_many_times_at_once_is_kept_once(files: Studio) -> None:
    content, key = HONEST["FLAC PCM_16"], str(uuid4())
    before = len(files.blobs.list(UPLOADS))
    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(lambda _: keep(files, content, "a.flac", key=key).id, range(6)))
    assert len(found) == 1
    assert len(files.blobs.list(UPLOADS)) == before + 1


def test_an_analysis_is_answered_the_same(files: Studio) -> None:
    sent = keep(files, HONEST["WAV PCM_24"], "a.wav", Kind.REFERENCE)
    key = RequestKey(str(uuid4()), "f" * 64)
    first = analyze_file(files, LOCAL_OWNER, sent.id, key)
    assert "loudness_lufs" in first.metadata
    assert analyze_file(files, LOCAL_OWNER, sent.id) == first
    delete_file(files, LOCAL_OWNER, sent.id)
    assert analyze_file(files, LOCAL_OWNER, sent.id, key) == first
    with pytest.raises(KeyReusedError):
        analyze_file(files, LOCAL_OWNER, sent.id, RequestKey(key.key, "0" * 64))
    with pytest.raises(RowNotFoundError):
        analyze_file(files, LOCAL_OWNER, sent.id)


def test_files_that_come_together_do_not_pass_the_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = make_studio(tmp_path, upload_quota_bytes=10**6)
    content = wav(data=bytes(600_000))
    create, others = Blobs.create, list[FileView]()

    def meanwhile(blobs: Blobs, key: str, data: BinaryIO, media_type: str) -> None:
        # Between the first look at the quota and the row, another one is stored.
        monkeypatch.setattr(Blobs, "create", create)
        others.append(keep(studio, content))
        create(blobs, key, data, media_type)

    monkeypatch.setattr(Blobs, "create", meanwhile)
    with pytest.raises(QuotaError):
        keep(studio, content)
    [other] = others
    # Nor is anything of it left.
    assert studio.blobs.list(UPLOADS) == (f"{UPLOADS}/{other.id}/content.wav",)
    studio.close()
