"""The application: its own paths, the page beside them, one description."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.api.conftest import API, BASE, Served

from text2song.api import pages
from text2song.api.app import create_app, describe_app
from text2song.settings import Settings


def test_page_is_served_beside_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("<html>the page</html>")
    (static / "404.html").write_text("<html>nothing</html>")
    monkeypatch.setattr(pages, "FOLDER", static)
    app = create_app(Settings(data_dir=tmp_path / "data"))
    with TestClient(app, base_url=BASE) as client:
        assert "the page" in client.get("/").text
        assert client.get("/nothing/").status_code == 404
        assert client.get(f"{API}/nothing").headers["content-type"] == "application/problem+json"
        assert client.get(f"{API}/recent").json() == []
    app.state.studio.close()


def test_without_a_page_the_studio_says_how_to_build_it(empty: Served) -> None:
    if not pages.built():
        assert "make web" in empty.client.get("/").text
    assert empty.client.get(f"{API}/openapi.json").json()["info"]["title"] == "Text2Song Studio"


def test_description_needs_no_studio() -> None:
    assert f"{API}/generate" in describe_app().openapi()["paths"]
