"""Counts over whole tables, on every database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.submissions import Options, submit
from text2song.storage.repositories.figures import FigureRepository


def test_counts_ages_and_what_was_made(database_url: str, tmp_path: Path) -> None:
    studio = make_studio(tmp_path, database_url=database_url)
    with studio.sessions.read() as session:
        empty = FigureRepository(session)
        assert (empty.jobs(), empty.takes(), empty.revision(), empty.workers()) == ({}, (0, 0), 0, ())
        assert empty.oldest_waiting(studio.queue.clock()) is None
    for _ in range(3):
        submit(studio, LOCAL_OWNER, CompositionRequest(prompt="x"), Options(num_samples=2), seeded=True)
    run_next_job(studio, FakeProvider())
    studio.roster.sign_in("host:1:x")
    now = studio.queue.clock()
    with studio.sessions.read() as session:
        figures = FigureRepository(session)
        assert figures.jobs() == {("compose", "complete"): 1, ("compose", "queued"): 2}
        count, size = figures.takes()
        assert count == 2
        assert size > 100_000
        waiting = figures.oldest_waiting(now)
        assert waiting is not None
        assert timedelta(0) <= now - waiting < timedelta(seconds=30)
        assert figures.oldest_waiting(now - timedelta(hours=1)) is None
        (ended,) = figures.ended_after(0)
        assert (ended.kind, ended.status) == ("compose", "complete")
        assert figures.ended_after(figures.revision()) == ()
        assert ended.subject_id is not None
        made = figures.takes_of([ended.subject_id])
        assert [(take.provider, take.seconds) for take in made] == [("composer", {"compose": 0.1})] * 2
        assert [seen <= now for seen in figures.workers()] == [True]
    studio.close()
