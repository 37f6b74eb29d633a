"""Without the Prometheus client the studio runs all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE
from tests.services.fakes import make_studio

from text2song.api import instruments
from text2song.api.app import app_of


def test_no_client_no_metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instruments, "find_spec", lambda _name: None)
    studio = make_studio(tmp_path)
    with TestClient(app_of(studio), base_url=BASE) as client:
        assert client.get(f"{API}/recent").status_code == 200
        assert "text2song_jobs" not in client.get("/metrics").text
    studio.close()
