"""Two hundred listeners and twenty pollers on one API process with five connections, while a song is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.crowd import Load
from benchmarks.streams import measure
from tests.servers import fresh_database


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_listeners_cost_little(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    load = Load(listeners=200, pollers=20, seconds=15)
    if kind == "sqlite":
        found = measure("", tmp_path, load)
    else:
        with fresh_database(request.getfixturevalue("postgres_url")) as url:
            found = measure(url, tmp_path, load)
    assert found.database == kind
    assert (found.lost, found.unheard, found.failures) == (0, 0, 0), found
    assert found.marks > 10, found
    assert found.event_p99 < 1.0, found
    assert found.api_p99 < 0.2, found
    assert found.rss_mib <= 300, found
    assert found.files_during >= found.files_before + 200, found
    assert found.files_after <= found.files_before, found
