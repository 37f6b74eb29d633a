"""Files reach a store that was away, once it is back; a job that is no longer wanted does not wait for that."""

from __future__ import annotations

import hashlib
import threading
import time
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from tests.services.fakes import FakeProvider, make_studio, run_next_job
from tests.swift_server import S3Server, running_swift

from text2song.domain.errors import CancelledError
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import get_composition
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.tasks import storing
from text2song.services.tasks.packing import PackedFile
from text2song.services.tasks.storing import patiently, store_files, with_archives
from text2song.storage.blobs import BlobsUnavailableError


class Away:
    """A store that answers after so many calls."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise BlobsUnavailableError("away")
        return "there"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(storing, "_LONGEST_SECONDS", 0.02)


def test_waits_and_says_why() -> None:
    told: list[str] = []
    store = Away(3)
    assert patiently(store, told.append) == "there"
    assert store.calls == 4
    assert told[0] == "storing"
    assert "storing waits: away" in told


def test_gives_up_in_the_end() -> None:
    store = Away(1000)
    with pytest.raises(BlobsUnavailableError):
        patiently(store, lambda stage: None, seconds=0.1)
    assert 2 < store.calls < 20


def test_a_cancelled_job_does_not_wait() -> None:
    def cancelled(stage: str) -> None:
        if "waits" in stage:
            raise CancelledError

    store = Away(1000)
    with pytest.raises(CancelledError):
        patiently(store, cancelled)
    assert store.calls == 1


def test_archives_only_for_a_bucket(studio: Studio, tmp_path: Path, s3: S3Server) -> None:
    (tmp_path / "take" / "stems").mkdir(parents=True)
    files = []
    for name in ("song.flac", "stems/bass.flac", "stems/drums.flac"):
        (tmp_path / "take" / name).write_bytes(name.encode())
        files.append(PackedFile(name, tmp_path / "take" / name, "audio/flac"))
    assert with_archives(studio, tmp_path / "take", files) == tuple(files)
    remote = make_studio(tmp_path / "remote", **s3.settings(f"songs-{uuid4()}"))
    packed = with_archives(remote, tmp_path / "take", files)
    assert [file.name for file in packed] == [*(file.name for file in files), "stems.zip"]
    first = packed[-1].path.read_bytes()
    with zipfile.ZipFile(packed[-1].path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "stems/bass.flac": b"stems/bass.flac",
            "stems/drums.flac": b"stems/drums.flac",
        }
    assert with_archives(remote, tmp_path / "take", files)[-1].path.read_bytes() == first
    seen: list[float] = []
    store_files(remote, "takes/a.1", packed, lambda stage, fraction: seen.append(fraction))
    assert remote.blobs.list("takes") == tuple(sorted(f"takes/a.1/{file.name}" for file in packed))
    assert seen == sorted(seen)
    remote.close()


@pytest.mark.slow
def test_a_song_outlives_an_outage(tmp_path: Path) -> None:
    """The server goes away before the files are stored and comes back later: the song is there, made once, whole."""
    (tmp_path / "swift").mkdir()
    with running_swift(tmp_path / "swift") as swift:
        studio = make_studio(tmp_path / "studio", **swift.server.settings("songs"))
        song = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).composition_id
        made: list[Path] = []

        def outage(folder: Path) -> None:
            made.append(folder)
            swift.stop()

        maker = threading.Thread(target=run_next_job, args=(studio, FakeProvider(before_end=outage)))
        maker.start()
        time.sleep(8)
        assert made
        assert maker.is_alive()
        # From this thread: a server ends with the thread that started it.
        swift.start()
        maker.join(60)
        assert not maker.is_alive()
        (take,) = get_composition(studio, LOCAL_OWNER, song).takes
        assert len(made) == 1
        for file in take.files:
            found = studio.blobs.digest(f"takes/{take.id}.1/{file['name']}")
            assert (found.bytes, found.sha256) == (file["bytes"], file["sha256"])
        assert len(studio.blobs.list("takes")) == len(take.files)
        assert hashlib.sha256(studio.blobs.get(f"takes/{take.id}.1/song.wav")).hexdigest() == take.files[0]["sha256"]
        studio.close()
