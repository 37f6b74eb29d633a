"""What a failed test leaves behind: what its pages showed, asked for and complained of, and the studio's last words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Request, Response
from tests.e2e.browsing import Address

#: Lines of each list that are told; the last ones matter.
_REQUESTS, _LOG_LINES = 40, 60
_TEXT_LENGTH, _ANSWER_LENGTH = 6000, 300
#: Milliseconds that a page which may hang is given to show itself.
_PATIENCE = 5000


def sections(used: Mapping[str, object], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield titled texts about every open page and every studio among what a test `used`; pictures go to `folder`."""
    pages = [page for each in used.values() if isinstance(each, Browser) for page in _pages(each)]
    for number, page in enumerate(pages, 1):
        yield f"page {number}: {page.url}", _told(page, folder / f"page-{number}.png")
    for each in used.values():
        if isinstance(each, Address):
            yield f"log of {each}", _tail(each.log)


def _pages(browser: Browser) -> list[Page]:
    return [page for context in browser.contexts for page in context.pages]


def _told(page: Page, picture: Path) -> str:
    parts = {
        "it showed": _shown(page),
        "it asked for": "\n".join(_asked(request) for request in _of_interest(page)[-_REQUESTS:]),
        "it complained of": "\n".join(_complaints(page)),
        "picture": _pictured(page, picture),
    }
    return "\n\n".join(f"-- {title}:\n{text or '(nothing)'}" for title, text in parts.items())


def _shown(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=_PATIENCE)[:_TEXT_LENGTH]
    except Error as error:
        return f"(the page did not say: {error.message})"


def _of_interest(page: Page) -> list[Request]:
    return [request for request in page.requests() if "/_next/" not in request.url]


def _asked(request: Request) -> str:
    # What is still under way has no response yet, and must not be waited for.
    response = request.existing_response
    answer = request.failure or (str(response.status) if response else "no answer yet")
    milliseconds = f", {request.timing['responseEnd']:.0f} ms" if request.timing["responseEnd"] >= 0 else ""
    return f"{request.method} {request.url} -> {answer}{milliseconds}{_answered(response)}"


def _answered(response: Response | None) -> str:
    """Return how an answer begins, if it is one of the API that has come to its end."""
    if response is None or response.request.timing["responseEnd"] < 0 or "json" not in _type(response):
        return ""
    try:
        return f"\n    {response.text()[:_ANSWER_LENGTH]}"
    except Error as error:
        return f"\n    (no longer kept: {error.message})"


def _type(response: Response) -> str:
    return response.headers.get("content-type", "")


def _complaints(page: Page) -> Iterator[str]:
    yield from (str(error) for error in page.page_errors())
    yield from (said.text for said in page.console_messages() if said.type in ("error", "warning"))


def _pictured(page: Page, picture: Path) -> str:
    picture.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=picture, timeout=_PATIENCE)
    except Error as error:
        return f"(none: {error.message})"
    return str(picture)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
