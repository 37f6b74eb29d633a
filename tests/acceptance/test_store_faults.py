"""The store goes away for a minute, and a disk has no room: clear answers, nothing half, and all goes on by itself."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.hostile import wav
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE
from tests.services.fakes import FakeProvider, make_studio, run_next_job
from tests.swift_server import running_swift

from text2song.api.app import app_of
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.checking import check
from text2song.services.compositions import get_composition
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit

OUTAGE_SECONDS = 60.0
DISK_BYTES = 24 * 2**20


def order(studio: Studio) -> Any:
    return submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).composition_id


def slug(reply: Any) -> str:
    return str(reply.json()["type"].rpartition("/")[2])


@pytest.mark.slow
def test_the_bucket_is_away_for_a_minute(tmp_path: Path) -> None:
    (tmp_path / "swift").mkdir()
    with running_swift(tmp_path / "swift") as swift:
        studio = make_studio(tmp_path / "studio", rate_limits=0, **swift.server.settings("songs"))
        first, second = order(studio), order(studio)
        run_next_job(studio, FakeProvider())
        (take,) = get_composition(studio, LOCAL_OWNER, first).takes
        with TestClient(app_of(studio), base_url=BASE) as client:
            kept = client.post(f"{API}/files", content=wav()).json()["id"]
            swift.stop()
            maker = threading.Thread(target=run_next_job, args=(studio, FakeProvider()))
            maker.start()
            _answers_without_the_store(client, take.id, kept)
            time.sleep(OUTAGE_SECONDS)
            assert maker.is_alive()
            assert get_composition(studio, LOCAL_OWNER, second).takes == ()
            swift.start()
            maker.join(60)
            assert not maker.is_alive()
            assert client.post(f"{API}/analyze", json={"file_id": kept}).status_code == 200
            assert client.post(f"{API}/files", content=wav()).status_code == 201
        assert len(get_composition(studio, LOCAL_OWNER, second).takes) == 1
        found = check(studio)
        assert (found.troubles, found.unnamed, found.rows["takes"]) == ((), 0, 2)
        studio.close()


def _answers_without_the_store(client: TestClient, take: object, kept: object) -> None:
    """Signing needs no store; what needs it says so, soon."""
    started = time.monotonic()
    assert client.get(f"{API}/audio/{take}/stream", follow_redirects=False).status_code == 307
    assert client.get(f"{API}/audio/{take}").status_code == 200
    for reply in (
        client.post(f"{API}/files", content=wav()),
        client.post(f"{API}/analyze", json={"file_id": kept}),
        client.get(f"{API}/audio/{take}/stream?format=opus"),
    ):
        assert (reply.status_code, slug(reply)) == (503, "storage-unavailable")
        assert "127.0.0.1" not in reply.text
    assert client.get(f"{API}/files/{kept}").status_code == 200
    assert time.monotonic() - started < 30


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with hardly any room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow
def test_the_disk_is_full(small_disk: Path) -> None:
    studio = make_studio(small_disk / "studio", rate_limits=0)
    first = order(studio)
    run_next_job(studio, FakeProvider())
    second = order(studio)
    with TestClient(app_of(studio), base_url=BASE) as client:
        big = wav(data=bytes(2_000_000))
        ballast = _fill(small_disk, leave=300_000)
        for _ in range(2):
            reply = client.post(f"{API}/files", content=big)
            assert (reply.status_code, slug(reply)) == (503, "disk-full"), reply.text
        assert studio.blobs.list("files") == ()
        ballast.unlink()
        # Room to make the song, none to keep it as well.
        ballast = _fill(small_disk, leave=5_500_000)
        maker = threading.Thread(target=run_next_job, args=(studio, FakeProvider()))
        maker.start()
        time.sleep(8)
        assert maker.is_alive()
        assert get_composition(studio, LOCAL_OWNER, second).takes == ()
        assert client.get(f"{API}/compositions/{first}/files/song.wav").status_code == 200
        ballast.unlink()
        maker.join(60)
        assert not maker.is_alive()
        assert client.post(f"{API}/files", content=big).status_code == 201
    assert [path.name for path in small_disk.rglob("*#*")] == []
    assert len(get_composition(studio, LOCAL_OWNER, second).takes) == 1
    assert list(studio.work_folder.iterdir()) == []
    assert (check(studio).troubles, check(studio).unnamed) == ((), 0)
    studio.close()


def _fill(folder: Path, leave: int) -> Path:
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - leave))
    return ballast
