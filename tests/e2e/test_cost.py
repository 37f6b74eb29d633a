"""What the page costs the machine that makes songs beside it: processor time of its own thread in the browser."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import CDPSession, Page
from tests.e2e.browsing import Visit
from tests.e2e.test_studio import ask, made, position, until

pytestmark = pytest.mark.e2e

#: Shares of one core. Measured: 0.016, 0.09 and 0.002; five loops that looked at every frame took 0.12, 0.12 and 0.03,
#: a page that draws itself without end a whole one.
_MAKING, _PLAYING, _RESTING = 0.06, 0.25, 0.015


def busy(session: CDPSession, seconds: float = 4) -> float:
    """Return the share of a core that the page's thread takes over some seconds; waiting for a core does not count."""
    before, start = _thread_seconds(session), time.monotonic()
    time.sleep(seconds)
    return (_thread_seconds(session) - before) / (time.monotonic() - start)


def _thread_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


def watched(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def test_the_page_costs_little_while_a_song_is_made_and_heard(visit: Visit) -> None:
    page, session = visit.page, watched(visit.page)
    ask(page, "epic cinematic orchestra, 300 seconds")
    page.get_by_role("button", name="Cancel", exact=True).wait_for()
    assert busy(session) < _MAKING
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_text("You cancelled this song").wait_for()

    ask(page, "calm ambient piano, 30 seconds, no drums")
    play = made(page)
    assert busy(session) < _RESTING
    play.click()
    until(lambda: position(page) > 1)
    assert busy(session) < _PLAYING
