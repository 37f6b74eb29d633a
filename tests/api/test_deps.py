"""Endpoints refuse to run in an application that was never given a studio."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE

from text2song.api.app import describe_app


def test_half_built_application_is_found_out() -> None:
    app = describe_app()
    app.state.studio = app.state.feed = None
    client = TestClient(app, base_url=BASE)
    with pytest.raises(TypeError, match="without a studio"):
        client.get(f"{API}/recent")
    with pytest.raises(TypeError, match="without its feed"):
        client.get(f"{API}/jobs/events")
