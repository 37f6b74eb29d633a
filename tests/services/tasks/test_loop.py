"""A real worker process on a real queue, started and ended as an operator would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.services.fakes import make_studio

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.jobs import get_job
from text2song.services.submissions import Options, submit
from text2song.services.views import Status


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_makes_songs_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    studio = make_studio(tmp_path)
    job_id = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True).job_id
    variables = {**os.environ, "TEXT2SONG_DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen([sys.executable, "-m", "tests.services.fake_worker", "0.1"], env=variables)
    try:
        limit = time.monotonic() + 180
        while get_job(studio, LOCAL_OWNER, job_id).status != Status.COMPLETE:
            assert time.monotonic() < limit
            time.sleep(0.05)
        assert studio.roster.alive() == 1
        worker.send_signal(number)
        assert worker.wait(60) == 0
        assert studio.roster.alive() == 0
    finally:
        worker.kill()
        worker.wait()
        studio.close()
