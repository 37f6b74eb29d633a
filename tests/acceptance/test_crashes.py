"""Workers are killed in the middle of songs; every song is finished once, soon, and nothing is left lying about."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from tests.services.fakes import STEMS, make_studio, stored_files

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.jobs.supervisor import Supervisor
from text2song.services.compositions import Query, get_composition, list_compositions
from text2song.services.jobs import get_job
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.supervision import SUPERVISED, supervise_worker
from text2song.services.views import JobView, Status

KILLS = 20
#: Seconds after a kill within which its job must be done.
LIMIT = 30.0


@contextmanager
def supervised(studio: Studio, seconds: float) -> Iterator[Supervisor]:
    command = (sys.executable, "-m", "tests.services.fake_worker", str(seconds), SUPERVISED)
    supervisor = supervise_worker(studio, command)
    try:
        yield supervisor
    finally:
        supervisor.stop()
        studio.close()


def order(studio: Studio, samples: int = 1) -> UUID:
    request = CompositionRequest(prompt="a song that nothing stops, 20 seconds", seed=3)
    return submit(studio, LOCAL_OWNER, request, Options(num_samples=samples), seeded=True).job_id


def wait_until(studio: Studio, job_id: UUID, seconds: float, *, progress: float = 100.0) -> JobView:
    """Return the job once it is so far, or has ended."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        job = get_job(studio, LOCAL_OWNER, job_id)
        if job.progress >= progress or job.finished_at is not None:
            return job
        time.sleep(0.02)
    raise AssertionError(f"after {seconds} s the job is still {job}")


@pytest.mark.slow
@pytest.mark.alone
def test_twenty_kills_in_mid_song(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    jobs = []
    with supervised(studio, seconds=0.6) as supervisor:
        for number in range(KILLS):
            job_id = order(studio, samples=2)
            jobs.append(job_id)
            # Early in the first take, late in the second, and everywhere between.
            wait_until(studio, job_id, LIMIT, progress=1 + 95 * number / KILLS)
            os.kill(supervisor.pid, signal.SIGKILL)
            killed = time.monotonic()
            assert wait_until(studio, job_id, LIMIT).status == Status.COMPLETE
            assert time.monotonic() - killed <= LIMIT
    _check_nothing_more_nor_less(studio, jobs)


def _check_nothing_more_nor_less(studio: Studio, jobs: list[UUID]) -> None:
    expected = set()
    for job_id in jobs:
        job = get_job(studio, LOCAL_OWNER, job_id)
        assert job.status == Status.COMPLETE
        assert job.composition_id is not None
        takes = get_composition(studio, LOCAL_OWNER, job.composition_id).takes
        assert [take.number for take in takes] == [1, 2]
        for take in takes:
            expected |= {(str(take.id), file["name"]) for file in take.files}
            assert len(take.stems) == len(STEMS)
    # blobs/takes/<take>.<attempt>/<name>
    found = [path.split("/", 3)[2:] for path in stored_files(studio)]
    assert {(folder.partition(".")[0], name) for folder, name in found} == expected
    assert len(found) == len(expected)


@pytest.mark.slow
@pytest.mark.alone
def test_real_songs_survive_as_well(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    supervisor = supervise_worker(studio)
    try:
        for progress in (20.0, 80.0):
            job_id = order(studio)
            wait_until(studio, job_id, 60, progress=progress)
            os.kill(supervisor.pid, signal.SIGKILL)
            assert wait_until(studio, job_id, LIMIT).status == Status.COMPLETE
    finally:
        supervisor.stop()
    takes = [song.takes for song in list_compositions(studio, LOCAL_OWNER, Query()).items]
    assert [len(made) for made in takes] == [1, 1]
    assert len(stored_files(studio)) == sum(len(take.files) for made in takes for take in made)
    studio.close()


@pytest.mark.slow
@pytest.mark.alone
def test_same_song_killed_again_and_again(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    with supervised(studio, seconds=0.5) as supervisor:
        job_id = order(studio)
        for _ in range(5):
            wait_until(studio, job_id, LIMIT, progress=10)
            os.kill(supervisor.pid, signal.SIGKILL)
            time.sleep(0.2)
        assert wait_until(studio, job_id, LIMIT).status == Status.COMPLETE
    assert len(list(studio.work_folder.iterdir())) == 0


def start_worker(folder: Path, seconds: float, **environment: str) -> subprocess.Popen[bytes]:
    variables = {**os.environ, "TEXT2SONG_DATA_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "tests.services.fake_worker", str(seconds)]
    return subprocess.Popen(command, env=variables)


@pytest.mark.slow
@pytest.mark.alone
def test_sigterm_gives_the_job_back_at_once(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    running, waiting = order(studio), order(studio)
    worker = start_worker(tmp_path, 20, TEXT2SONG_DRAIN_SECONDS="0")
    wait_until(studio, running, LIMIT, progress=2)
    worker.send_signal(signal.SIGTERM)
    stopped = time.monotonic()
    while get_job(studio, LOCAL_OWNER, running).status != Status.QUEUED:
        assert time.monotonic() - stopped < 1.0
        time.sleep(0.01)
    assert worker.wait(timeout=10) == 0
    assert get_job(studio, LOCAL_OWNER, waiting).status == Status.QUEUED
    assert stored_files(studio) == set()
    studio.close()


@pytest.mark.slow
@pytest.mark.alone
def test_worker_without_witnesses_is_replaced_when_its_lease_ends(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, lease_seconds=2.0)
    job_id = order(studio)
    first = start_worker(tmp_path, 3.0, TEXT2SONG_LEASE_SECONDS="2.0")
    wait_until(studio, job_id, LIMIT, progress=10)
    # Stopped, not killed: its heartbeat process still beats, its supervisor has nothing to see.
    children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    for pid in (first.pid, *map(int, children)):
        os.kill(pid, signal.SIGSTOP)
    second = start_worker(tmp_path, 0.2, TEXT2SONG_LEASE_SECONDS="2.0")
    job = wait_until(studio, job_id, LIMIT)
    assert job.status == Status.COMPLETE
    kept = stored_files(studio)
    for pid in (*map(int, children), first.pid):
        os.kill(pid, signal.SIGCONT)
    time.sleep(1.0)
    for worker in (first, second):
        worker.terminate()
        assert worker.wait(timeout=10) == 0
    # The zombie woke up, found its lease gone, and changed nothing.
    assert stored_files(studio) == kept
    assert get_job(studio, LOCAL_OWNER, job_id) == job
    studio.close()


@pytest.mark.slow
@pytest.mark.alone
def test_worker_ends_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from tests.services.fakes import make_studio; from pathlib import Path\n"
        "from text2song.services.supervision import SUPERVISED, supervise_worker\n"
        f"studio = make_studio(Path({str(tmp_path)!r}))\n"
        "command = (sys.executable, '-m', 'tests.services.fake_worker', '1', SUPERVISED)\n"
        "print(supervise_worker(studio, command).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    studio = make_studio(tmp_path)
    wait_until(studio, order(studio), LIMIT)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    limit = time.monotonic() + 5
    while Path(f"/proc/{worker}").exists() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()
    assert studio.roster.alive() == 0
    studio.close()
