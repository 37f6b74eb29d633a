"""A real studio on a free port, and a real browser to visit it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.e2e import diagnosis
from tests.e2e.browsing import DESKTOP, PHONE, Address, Visit, new_context, open_page

import text2song.api

PAGE = Path(text2song.api.__file__).parent / "static" / "index.html"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed test what its pages showed and asked for, and what its studio wrote."""
    report = yield
    if report.failed and report.when in ("setup", "call"):
        folder = Path(os.environ.get("TEXT2SONG_SHOTS") or tempfile.mkdtemp(prefix="text2song-failed-"))
        report.sections.extend(diagnosis.sections(item.funcargs, folder / item.name))
    return report


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Serve an empty studio; the value is its address."""
    if not PAGE.is_file():
        pytest.fail("the web page is not built; run make web first")
    port = _free_port()
    folder = tmp_path_factory.mktemp("studio")
    environment = os.environ | {"TEXT2SONG_DATA_DIR": str(folder / "data"), "TEXT2SONG_RATE_LIMITS": "0"}
    command = [sys.executable, "-m", "text2song", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/api/v2/health", process, folder / "log")
            yield Address(f"http://127.0.0.1:{port}", folder / "log")
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"]
    # What is waited for comes or does not; a busy machine may take its time.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, studio: str) -> Iterator[Visit]:
    """Open the studio in a window of desktop size."""
    context = new_context(browser, DESKTOP)
    yield open_page(context, studio)
    context.close()


@pytest.fixture
def phone(browser: Browser, studio: str) -> Iterator[Visit]:
    """Open the studio on a phone."""
    context = new_context(browser, PHONE, mobile=True)
    yield open_page(context, studio)
    context.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the studio ended at once:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own loopback address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the studio did not come up in four minutes:\n{log.read_text(errors='replace')[-2000:]}")
