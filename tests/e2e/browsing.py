"""Tabs of a browser that remember what their page asked for and complained about."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP = (1280, 860)
PHONE = (360, 740)


class Address(str):
    """Where a studio is served, and the file that it writes its log to."""

    __slots__ = ("log",)

    log: Path

    def __new__(cls, address: str, log: Path) -> Address:
        made = super().__new__(cls, address)
        made.log = log
        return made


@dataclass
class Visit:
    """A page of the studio, with everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def new_context(browser: Browser, size: tuple[int, int], *, mobile: bool = False) -> BrowserContext:
    """Return a browser profile of its own."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, is_mobile=mobile, has_touch=mobile, accept_downloads=True
    )
    context.set_default_timeout(60_000)
    return context


def open_page(context: BrowserContext, address: str) -> Visit:
    """Open the studio in a new tab and listen to what happens there."""
    visit = Visit(context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    visit.page.goto(address)
    visit.page.get_by_role("button", name="Make song").wait_for()
    return visit
