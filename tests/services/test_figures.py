"""What an operator watches equals what is there, and every end is told once."""

from __future__ import annotations

from pathlib import Path

from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.figures import EndedJobs, connections, read_figures
from text2song.services.jobs import cancel_job
from text2song.services.studio import Studio
from text2song.services.submissions import Accepted, Options, submit


def order(studio: Studio) -> Accepted:
    return submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(), seeded=True)


def test_figures_are_what_is_there(studio: Studio) -> None:
    order(studio)
    order(studio)
    run_next_job(studio, FakeProvider())
    studio.roster.sign_in("host:1:x")
    found = read_figures(studio)
    assert found.jobs == {("compose", "complete"): 1, ("compose", "queued"): 1}
    assert found.takes == 1
    blobs = studio.work_folder.parent / "blobs" / "takes"
    assert found.blob_bytes == sum(path.stat().st_size for path in blobs.rglob("*") if path.is_file())
    assert 0 < found.queue_lag < 30
    assert found.workers == len(found.heartbeats) == 1


def test_connections_in_use_are_counted(studio: Studio) -> None:
    idle, limit = connections(studio)
    with studio.sessions.read() as session:
        session.connection()
        assert connections(studio) == (idle + 1, limit)
    assert connections(studio)[0] == idle == 0


def test_every_end_is_told_once_by_every_watcher(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)
    order(studio)
    run_next_job(studio, FakeProvider())
    first, second = EndedJobs(studio), EndedJobs(studio)
    # What ended before anybody watched is not told.
    assert first.since_last_time().jobs == second.since_last_time().jobs == ()
    order(studio)
    run_next_job(studio, FakeProvider())
    cancel_job(studio, LOCAL_OWNER, order(studio).job_id)
    told = first.since_last_time()
    assert [job.status for job in told.jobs] == ["complete", "cancelled"]
    assert [take.provider for take in told.takes] == ["composer"]
    assert first.since_last_time().jobs == ()
    order(studio)
    run_next_job(studio, FakeProvider())
    assert [job.status for job in first.since_last_time().jobs] == ["complete"]
    assert len(second.since_last_time().jobs) == 3
    studio.close()
