"""Reading the library stays quick while every core is busy making songs."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest
from tests.api.serving import listening
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.api.app import PREFIX
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.submissions import Options, submit
from text2song.services.supervision import supervise_worker

SONGS = 60
READS = 300
#: Seconds that 99 of 100 reads stay below.
LIMIT = 0.2


@pytest.mark.slow
@pytest.mark.alone
def test_reads_stay_quick_beside_busy_workers(tmp_path: Path) -> None:
    studio = make_studio(tmp_path)
    for number in range(SONGS):
        request = CompositionRequest(prompt=f"song number {number}")
        submit(studio, LOCAL_OWNER, request, Options(), seeded=True)
    run_next_job(studio, FakeProvider())
    # As niced as a worker is, and as greedy as rendering: one per core.
    burn = "import os; os.nice(10)\nwhile True: sum(range(100_000))"
    workers = [supervise_worker(studio, (sys.executable, "-c", burn)) for _ in range(os.cpu_count() or 1)]
    try:
        with listening(studio) as address, httpx.Client(base_url=address + PREFIX) as client:
            seconds = sorted(_timed(client, number) for number in range(READS))
    finally:
        for worker in workers:
            worker.stop()
        studio.close()
    assert seconds[int(0.99 * READS)] < LIMIT, seconds[-10:]


def _timed(client: httpx.Client, number: int) -> float:
    path = ("/recent", "/compositions?limit=50", "/jobs?limit=50", "/compositions?q=number+7")[number % 4]
    start = time.perf_counter()
    assert client.get(path).status_code == 200
    return time.perf_counter() - start
