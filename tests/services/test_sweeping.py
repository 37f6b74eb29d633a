"""The sweep removes what the dead leave, and nothing of the living."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from tests.services.fakes import FakeProvider, make_studio, run_next_job, stored_files
from tests.swift_server import S3Server

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.sweeping import TAKES, UPLOADS, Sweeper, sweep, take_prefix, work_name


def test_finished_songs_stay(studio: Studio) -> None:
    submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True)
    run_next_job(studio, FakeProvider())
    before = stored_files(studio)
    assert sweep(studio) == 0
    assert stored_files(studio) == before


def test_runs_that_go_on_stay_and_those_before_them_go(studio: Studio) -> None:
    submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True)
    lease = studio.queue.claim("w")
    assert lease is not None
    take = UUID(lease.payload["takes"][0])
    for token in (lease.token - 1, lease.token):
        (studio.work_folder / work_name(lease.job_id, token) / "1").mkdir(parents=True)
        studio.blobs.put(f"{take_prefix(take, token)}/song.wav", b"x")
    assert sweep(studio) == 2
    assert [path.name for path in studio.work_folder.iterdir()] == [work_name(lease.job_id, lease.token)]
    assert studio.blobs.folders("takes") == (take_prefix(take, lease.token),)
    studio.queue.release(lease)
    assert sweep(studio) == 2
    assert list(studio.work_folder.iterdir()) == []
    assert studio.blobs.folders("takes") == ()


def test_many_orphans_and_staging_files_go(studio: Studio) -> None:
    for _ in range(3):
        studio.blobs.put(f"{take_prefix(uuid4(), 1)}/song.wav", b"x")
    half = studio.work_folder.parent / "blobs" / take_prefix(uuid4(), 1) / "song.flac#1"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    assert sweep(studio) == 4
    assert stored_files(studio) == set()


def test_what_is_not_of_our_making_stays(studio: Studio) -> None:
    studio.blobs.put(f"{UPLOADS}/lost-and-found/notes.txt", b"x")
    blobs = studio.work_folder.parent / "blobs"
    for folder in (blobs / TAKES, blobs / UPLOADS):
        (folder / "lost+found").mkdir(parents=True)
        (folder / ".DS_Store").write_bytes(b"x")
    assert sweep(studio) == 0
    assert (blobs / TAKES / ".DS_Store").exists()
    assert f"{UPLOADS}/lost-and-found/notes.txt" in studio.blobs.list(UPLOADS)


def test_a_bucket_is_listed_now_and_then(tmp_path: Path, s3: S3Server) -> None:
    remote = make_studio(tmp_path, **s3.settings(f"songs-{uuid4()}"))
    now = [0.0]
    sweeper = Sweeper(remote, clock=lambda: now[0])
    removed = []
    for at in (0.0, 10.0, 599.0, 600.0):
        now[0] = at
        remote.blobs.put(f"{take_prefix(uuid4(), 1)}/song.wav", b"x")
        removed.append(sweeper())
    assert removed == [1, 0, 0, 3]
    (remote.work_folder / "dead.1").mkdir()
    assert sweeper() == 1
    remote.close()


def test_a_disk_is_looked_at_every_time(studio: Studio) -> None:
    sweeper = Sweeper(studio)
    for _ in range(2):
        studio.blobs.put(f"{take_prefix(uuid4(), 1)}/song.wav", b"x")
        assert sweeper() == 1
