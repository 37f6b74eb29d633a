"""The library as its listener meets it: what was made is found, marked, heard and counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.browsing import Visit
from tests.e2e.test_studio import ask, made, position, until

pytestmark = pytest.mark.e2e

PROMPT = "calm ambient piano about paper boats, 12 seconds, no drums"


def show(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_a_song_is_heard_found_marked_and_counted(visit: Visit) -> None:
    page = visit.page
    ask(page, PROMPT)
    made(page).click()
    until(lambda: position(page) > 4)

    show(page, "History")
    search = page.get_by_role("searchbox")
    search.fill("no such words")
    expect(page.get_by_text("No song holds these words.")).to_be_visible()
    search.fill("boats pap")
    expect(page.get_by_text(re.compile(r"^1 song$"))).to_be_visible()
    heart = page.get_by_role("button", name=re.compile("^Favourite .+"))
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    search.fill("")
    page.get_by_role("button", name="Favourites", exact=True).click()
    expect(page.get_by_text(re.compile(r"^1 song$"))).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Favourites", exact=True).click()
    expect(page.get_by_text(PROMPT, exact=True)).to_be_visible()

    show(page, "Popular")
    expect(page.get_by_text(re.compile(r"^\d+ plays?$")).first).to_be_visible()
    page.get_by_role("list").get_by_role("button", name=re.compile("^Play ")).first.click()
    until(lambda: position(page) > 0.2)
    assert "song=" in page.url

    show(page, "Stats")
    for chart in ("Takes", "Plays and downloads", "Time to make a take"):
        expect(page.get_by_role("img", name=re.compile(f"^{chart}"))).to_be_visible()
    expect(page.get_by_text("Success")).to_be_visible()
    page.get_by_text("A year").click()
    expect(page.get_by_role("img", name=re.compile("^Takes.*53 columns"))).to_be_visible()
    page.go_back()
    until(lambda: "song=" in page.url)
    assert visit.complaints == []


def test_the_library_fits_a_phone(phone: Visit) -> None:
    page = phone.page
    for name in ("History", "Popular", "Stats"):
        show(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
