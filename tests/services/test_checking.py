"""A new studio is whole; tests/services/test_backups.py breaks studios in every way and has them checked."""

from __future__ import annotations

from tests.services.fakes import FakeProvider, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.checking import check
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit


def test_a_whole_studio(studio: Studio) -> None:
    assert (check(studio).files, check(studio).troubles, check(studio).unnamed) == (0, (), 0)
    submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True)
    run_next_job(studio, FakeProvider())
    seen: list[float] = []
    found = check(studio, progress=lambda stage, fraction: seen.append(fraction))
    assert (found.troubles, found.unnamed, found.rows["takes"]) == ((), 0, 1)
    assert len(seen) == found.files == len(studio.blobs.list("takes"))
    assert check(studio, deep=False).troubles == ()
