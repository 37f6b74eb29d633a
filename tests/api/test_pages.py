"""The web page is served with a policy that allows exactly its own scripts."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from text2song.api.pages import Pages, missing_page

SCRIPT = 'self.__next_f.push([1,"ü"])'


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "song").mkdir()
    (tmp_path / "_next/static").mkdir(parents=True)
    (tmp_path / "_next/static/app.js").write_text("1")
    page = f'<html><script src="/_next/static/app.js"></script><script>{SCRIPT}</script></html>'
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "song/index.html").write_text("<html></html>")
    app = Starlette()
    app.mount("/", Pages(tmp_path))
    return TestClient(app)


def scripts_allowed(policy: str) -> list[str]:
    (rule,) = [part for part in policy.split("; ") if part.startswith("script-src")]
    return rule.split()[1:]


def test_only_its_own_inline_scripts_run(client: TestClient) -> None:
    reply = client.get("/")
    expected = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert scripts_allowed(reply.headers["content-security-policy"]) == ["'self'", f"'sha256-{expected}'"]
    assert scripts_allowed(client.get("/song/").headers["content-security-policy"]) == ["'self'"]


def test_songs_may_come_from_a_bucket(client: TestClient, tmp_path: Path) -> None:
    def rules(found: TestClient) -> dict[str, list[str]]:
        policy = found.get("/").headers["content-security-policy"]
        return {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}

    app = Starlette()
    app.mount("/", Pages(tmp_path, files_origin="https://files.test"))
    before, after = rules(client), rules(TestClient(app))
    changed = {name for name, sources in after.items() if sources != before[name]}
    assert changed == {"media-src", "connect-src"}
    assert all(after[name] == [*before[name], "https://files.test"] for name in changed)


def test_a_rebuilt_page_gets_a_new_policy(client: TestClient, tmp_path: Path) -> None:
    client.get("/")
    (tmp_path / "index.html").write_text("<script>other()</script>")
    expected = base64.b64encode(hashlib.sha256(b"other()").digest()).decode()
    assert f"'sha256-{expected}'" in client.get("/").headers["content-security-policy"]


def test_hashed_files_are_kept_and_pages_asked_for_again(client: TestClient) -> None:
    assert "immutable" in client.get("/_next/static/app.js").headers["cache-control"]
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert client.get("/nothing.html").status_code == 404


def test_missing_page_says_what_to_do() -> None:
    assert b"make web" in missing_page().body


def test_a_page_kept_by_the_browser_keeps_its_policy(client: TestClient) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert again.headers["cache-control"] == "no-cache"
