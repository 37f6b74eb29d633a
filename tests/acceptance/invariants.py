"""What must be true after any fault."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from text2song.services.studio import Studio
from text2song.services.sweeping import TAKES, sweep
from text2song.storage.models import ACTIVE, Composition, Job, JobStatus

_FINAL = frozenset({JobStatus.COMPLETE, JobStatus.FAILED, JobStatus.CANCELLED})


def check_invariants(studio: Studio, accepted: Collection[UUID], *, complete: bool = True) -> Counter[str]:
    """Check every invariant over the jobs that were accepted; return how many ended in which state.

    Every accepted job is there and final, each once, and complete if `complete`; a complete job has each of its takes
    once, and every file of a take is there with the length and the hash of its row; any other has none; after a sweep
    there is no file and no folder that belongs to no take.
    """
    with studio.sessions.read() as session:
        jobs = {job.id: job for job in session.scalars(select(Job))}
        songs = session.scalars(select(Composition).options(selectinload(Composition.takes))).all()
    lost = set(accepted) - set(jobs)
    assert not lost, f"{len(lost)} accepted jobs are gone"
    unfinished = [job for job in jobs.values() if job.status not in _FINAL]
    assert not unfinished, f"{len(unfinished)} jobs never ended"
    if complete:
        wrong = [(job.status, job.error) for job in jobs.values() if job.status != JobStatus.COMPLETE]
        assert not wrong, f"{len(wrong)} jobs are not complete: {wrong[:3]}"
    kept = set()
    for song in songs:
        job = jobs[song.job_id]
        wanted = len(job.payload["takes"]) if job.status == JobStatus.COMPLETE else 0
        assert len(song.takes) == wanted, f"{len(song.takes)} takes of a {job.status} job"
        for take in song.takes:
            kept.add(take.prefix)
            _check_files(studio, take.prefix, take.files)
    sweep(studio)
    assert set(studio.blobs.folders(TAKES)) == kept, "files without a row"
    assert not list(studio.work_folder.iterdir()), "folders of runs that are over"
    return Counter(job.status for job in jobs.values())


def _check_files(studio: Studio, prefix: str, files: Collection[dict[str, object]]) -> None:
    found = {key.removeprefix(f"{prefix}/") for key in studio.blobs.list(prefix)}
    assert found == {file["name"] for file in files}, f"other files than those of the row in {prefix}"
    for file in files:
        content = studio.blobs.get(f"{prefix}/{file['name']}")
        assert len(content) == file["bytes"]
        assert hashlib.sha256(content).hexdigest() == file["sha256"], f"{prefix}/{file['name']} is not what was kept"


def unfinished(studio: Studio) -> int:
    """Return how many jobs have not ended."""
    with studio.sessions.read() as session:
        return len(session.scalars(select(Job.id).where(Job.status.in_(ACTIVE))).all())
