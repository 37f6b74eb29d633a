"""A studio with accounts in a real browser: the way in, a key, the way out, and texts that would like to be scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.api.accounts import PASSWORD, SECRET
from tests.e2e.browsing import DESKTOP, PHONE, Address, new_context
from tests.e2e.conftest import PAGE, _free_port, _wait_until_up

pytestmark = pytest.mark.e2e

API = "/api/v2"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Serve an empty studio with accounts; the value is its address."""
    if not PAGE.is_file():
        pytest.fail("the web page is not built; run make web first")
    port, folder = _free_port(), tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "TEXT2SONG_DATA_DIR": str(folder / "data"),
        "TEXT2SONG_RATE_LIMITS": "0",
        "TEXT2SONG_MODE": "server",
        "TEXT2SONG_SECRET_KEY": SECRET,
        "TEXT2SONG_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "text2song", "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}{API}/health", process, folder / "log")
            yield Address(f"http://127.0.0.1:{port}", folder / "log")
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = new_context(browser, DESKTOP)
    made = context.new_page()
    made.goto(site)
    yield made
    context.close()


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    folder = os.environ.get("TEXT2SONG_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def sign_up(page: Page, email: str) -> None:
    page.get_by_role("button", name="Make an account").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("button", name="Make song").wait_for()


def test_in_a_key_and_out_again(page: Page, site: str) -> None:
    page.get_by_role("heading", name="Sign in").wait_for()
    shot(page, "sign-in")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password").fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("form").get_by_role("alert")).to_have_text("The e-mail address or the password is wrong.")
    sign_up(page, "ada@example.org")
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Account and keys").click()
    page.get_by_label("Name of the key").fill("laptop")
    page.get_by_label("May").select_option("write")
    page.get_by_role("button", name="Make a key").click()
    key = page.locator("code", has_text="t2s_live_").first.inner_text()
    shot(page, "account")
    shown = {"authorization": f"Bearer {key}"}
    assert httpx.get(f"{site}{API}/me", headers=shown).json()["email"] == "ada@example.org"
    page.reload()
    page.get_by_role("button", name="Revoke laptop").wait_for()
    assert key not in page.content()
    page.get_by_role("button", name="Revoke laptop").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("You have no keys yet.")).to_be_visible()
    assert httpx.get(f"{site}{API}/me", headers=shown).status_code == 401
    page.goto(site)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.context.cookies() == []


def test_a_song_by_cookie_and_a_session_that_ends_elsewhere(page: Page, site: str) -> None:
    sign_up(page, "bob@example.org")
    page.get_by_label("Describe your song").fill("calm ambient piano, 12 seconds, no drums")
    page.get_by_role("button", name="Make song").click()
    page.get_by_role("button", name="Cancel").first.wait_for()
    page.context.clear_cookies()
    page.get_by_label("Describe your song").fill("another, 12 seconds")
    page.get_by_role("button", name="Make song").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_the_way_in_fits_a_telephone(browser: Browser, site: str) -> None:
    context = new_context(browser, PHONE, mobile=True)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Sign in").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    shot(page, "sign-in-phone")
    context.close()


def payloads() -> list[str]:
    """A hundred texts that run where a page takes text for markup, each naming itself when it does."""
    run = "window.__ran=1"
    tags = ("script", "img", "svg", "iframe", "body", "video", "audio", "details", "input", "object")
    handlers = ("onload", "onerror", "onfocus", "ontoggle", "onmouseover")
    shaped = [f"<{tag} {handler}={run} src=x autofocus open>" for tag in tags for handler in handlers]
    return [
        *shaped,
        *(f"<script>{run}</script>{number}" for number in range(5)),
        *(f'"><script>{run}</script>{end}' for end in ("", "<!--", "'", "`", "</textarea>")),
        *(f"javascript:{run}//{number}" for number in range(5)),
        *(f"{{{{constructor.constructor('{run}')()}}}}{number}" for number in range(5)),
        *(f"${{{run}}}{number}" for number in range(5)),
        *(f"</{tag}><script>{run}</script>" for tag in ("title", "style", "noscript", "template", "select")),
        *(f"<a href='javascript:{run}'>{number}</a>" for number in range(5)),
        *(f"<svg><animate onbegin={run} attributeName=x dur=1s>{number}" for number in range(5)),
        *(f"<iframe srcdoc='<script>parent.{run}</script>'>{number}" for number in range(5)),
        *(f"\\u003cscript\\u003e{run}\\u003c/script\\u003e{number}" for number in range(5)),
    ]


def test_a_hundred_texts_stay_texts(page: Page, site: str) -> None:
    sign_up(page, "eve@example.org")
    texts = payloads()
    assert len(texts) == len(set(texts)) == 100
    cookie = {each["name"]: each["value"] for each in page.context.cookies()}
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    with httpx.Client(base_url=site + API, cookies=cookie, headers={"x-requested-with": "tests"}) as client:
        for text in texts:
            made = client.post("/generate", json={"prompt": f"{text} a tone, 10 seconds", "title": text})
            assert made.status_code == 202, made.text
            # The text is what counts here, not the song.
            client.delete(f"/jobs/{made.json()['job_id']}")
        songs = client.get("/compositions", params={"limit": 100}).json()["items"]
        assert sorted(song["title"] for song in songs) == sorted(text.strip() for text in texts)
        client.patch("/me", json={"name": texts[0]})
        client.post("/me/keys", json={"name": texts[60]})
    page.reload()
    page.get_by_role("button", name="Make song").wait_for()
    for song in songs[::5]:
        page.goto(f"{site}/?song={song['id']}")
        page.get_by_role("region", name="Song").get_by_text(song["title"][:20]).first.wait_for()
        assert page.evaluate("window.__ran") is None
    page.goto(f"{site}/account/")
    page.get_by_text(texts[60]).wait_for()
    assert page.evaluate("window.__ran") is None
    assert complaints == []
    policy = httpx.get(site).headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "http" not in scripts
