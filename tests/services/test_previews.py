"""Previews are made once, for whoever may hear the song, and go with it."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import soundfile
from tests.services.fakes import FakeProvider, make_studio, run_next_job
from tests.swift_server import S3Server

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services import previews
from text2song.services.checking import check
from text2song.services.compositions import delete_composition, get_composition
from text2song.services.previews import PreviewError, preview_file
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.takes import get_take
from text2song.storage.repositories.base import RowNotFoundError


def song(studio: Studio) -> tuple[UUID, UUID]:
    wish = CompositionRequest(prompt="a tone", title="Tone")
    made = submit(studio, LOCAL_OWNER, wish, Options(), seeded=True).composition_id
    run_next_job(studio, FakeProvider())
    return made, get_composition(studio, LOCAL_OWNER, made).takes[0].id


def test_made_once_kept_and_removed(studio: Studio) -> None:
    composition, take = song(studio)
    before = get_take(studio, LOCAL_OWNER, take).take.size_bytes
    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(lambda _: preview_file(studio, LOCAL_OWNER, take, "opus"), range(4)))
    assert len(set(files)) == 1
    content = studio.blobs.get(files[0].key)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (files[0].bytes, files[0].sha256)
    assert soundfile.info(io.BytesIO(content)).subtype == "OPUS"
    assert files[0].filename == "Tone - preview.opus"
    after = get_take(studio, LOCAL_OWNER, take).take
    assert after.size_bytes == before + files[0].bytes
    assert [file["name"] for file in after.files].count("preview.opus") == 1
    assert (check(studio).troubles, check(studio).unnamed) == ((), 0)
    with pytest.raises(RowNotFoundError):
        preview_file(studio, None, take, "opus")
    delete_composition(studio, LOCAL_OWNER, composition)
    assert studio.blobs.list("takes") == ()
    with pytest.raises(RowNotFoundError):
        preview_file(studio, LOCAL_OWNER, take, "opus")


def test_in_a_bucket(tmp_path: Path, s3: S3Server) -> None:
    studio = make_studio(tmp_path, **s3.settings(f"songs-{uuid4()}"))
    _, take = song(studio)
    file = preview_file(studio, LOCAL_OWNER, take, "mp3")
    assert studio.blobs.digest(file.key).sha256 == file.sha256
    studio.close()


def test_one_that_lies_there_without_a_row_counts(studio: Studio) -> None:
    _, take = song(studio)
    studio.blobs.put(f"takes/{take}.1/preview.mp3", b"left by one that died")
    assert preview_file(studio, LOCAL_OWNER, take, "mp3").bytes == 21


def test_a_failure_is_one_sentence_and_leaves_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    _, take = song(studio)
    studio.blobs.put(f"takes/{take}.1/song.flac", b"broken")
    with pytest.raises(PreviewError):
        preview_file(studio, LOCAL_OWNER, take, "opus")
    monkeypatch.setattr(previews, "_SECONDS", 0.01)
    with pytest.raises(PreviewError):
        preview_file(studio, LOCAL_OWNER, take, "mp3")
    assert [key for key in studio.blobs.list("takes") if "preview" in key] == []
