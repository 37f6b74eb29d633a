"""Workers are replaced without a job being dropped."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.services.fakes import make_studio

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import get_job
from text2song.services.model import ModelState, WorkerState, get_model_status, reload_model
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.supervision import SUPERVISED, supervise_worker
from text2song.services.views import Status
from text2song.storage.models import Job


def test_nobody_there_is_unavailable_and_asked_of_nobody(studio: Studio) -> None:
    status = get_model_status(studio)
    assert (status.state, status.workers, status.queued) == (ModelState.UNAVAILABLE, (), 0)
    assert reload_model(studio) == 0


def test_workers_are_idle_busy_or_draining(studio: Studio) -> None:
    for name in ("host:1:a", "host:2:b"):
        studio.roster.sign_in(name)
    for _ in range(2):
        submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True)
    assert studio.queue.claim("host:2:b") is not None
    status = get_model_status(studio)
    assert (status.state, status.queued, status.running) == (ModelState.READY, 1, 1)
    assert [(each.state, each.running) for each in status.workers] == [(WorkerState.IDLE, 0), (WorkerState.BUSY, 1)]
    assert reload_model(studio) == 2
    status = get_model_status(studio)
    assert status.state == ModelState.RELOADING
    assert {each.state for each in status.workers} == {WorkerState.DRAINING}
    studio.roster.sign_out("host:1:a")
    studio.roster.sign_in("host:3:c")
    assert [studio.roster.is_retiring(name) for name in ("host:2:b", "host:3:c", "host:4:d")] == [True, False, False]


@pytest.mark.slow
def test_a_reload_ends_the_job_at_hand_and_the_successor_does_the_next(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    ids = [submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True).job_id for _ in range(2)]
    command = (sys.executable, "-m", "tests.services.fake_worker", "3", SUPERVISED)
    supervisor = supervise_worker(studio, command)
    try:
        wait_for(lambda: get_job(studio, LOCAL_OWNER, ids[0]).status == Status.RENDERING)
        (before,) = get_model_status(studio).workers
        assert reload_model(studio) == 1
        wait_for(lambda: get_job(studio, LOCAL_OWNER, ids[1]).status == Status.COMPLETE)
        (after,) = get_model_status(studio).workers
        assert after.name != before.name
        assert after.state != WorkerState.DRAINING
        with studio.sessions.read() as session:
            first, second = (session.get_one(Job, id_) for id_ in ids)
            # Each was claimed once and lost by nobody.
            assert [(job.token, job.losses, job.faults) for job in (first, second)] == [(1, 0, 0)] * 2
            assert first.status == "complete"
    finally:
        supervisor.stop()
        studio.close()


@pytest.mark.slow
def test_a_worker_on_its_own_becomes_its_own_successor(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    variables = {**os.environ, "TEXT2SONG_DATA_DIR": str(tmp_path), "TEXT2SONG_SOUNDFONT": "none"}
    worker = subprocess.Popen([sys.executable, "-m", "text2song.services.worker"], env=variables)
    try:
        wait_for(lambda: studio.roster.alive() == 1)
        (before,) = get_model_status(studio).workers
        reload_model(studio)
        wait_for(lambda: {each.name for each in get_model_status(studio).workers} not in ({before.name}, set()))
        (after,) = get_model_status(studio).workers
        assert after.name.split(":")[1] == str(worker.pid)
    finally:
        worker.terminate()
        worker.wait(60)
        studio.close()


def wait_for(happened: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.05)
