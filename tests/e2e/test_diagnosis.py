"""What a failed browser test leaves behind tells what happened."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.e2e.browsing import Address, Visit
from tests.e2e.diagnosis import sections

pytestmark = pytest.mark.e2e


def test_a_failure_tells_what_was_shown_asked_and_logged(
    browser: Browser, studio: Address, visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    page.get_by_text("Songs you make are kept here").or_(page.get_by_role("button", name="More for")).first.wait_for()
    page.evaluate("console.error('a string broke')")
    page.evaluate("fetch('/api/v2/compositions/none').then((answer) => answer.text())")
    told = dict(sections({"browser": browser, "studio": studio, "visit": visit}, tmp_path))
    (about,) = (text for title, text in told.items() if title.startswith("page "))
    assert "Describe your song" in about
    assert "GET " in about
    assert "/api/v2/me -> 200" in about
    assert "/api/v2/compositions/none -> 422" in about
    assert '"title":"' in about
    assert "/api/v2/jobs/events -> 200" in about
    assert "a string broke" in about
    (picture,) = tmp_path.glob("*.png")
    assert str(picture) in about
    assert picture.stat().st_size > 5000
    assert told[f"log of {studio}"].strip()
