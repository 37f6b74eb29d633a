"""The studio as its listener meets it: a real browser on a real server with a real worker."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, Page, expect
from tests.e2e.browsing import Visit, open_page

pytestmark = pytest.mark.e2e

NIGHT_DRIVE = "dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds"
SHORT = "calm ambient piano, 12 seconds, no drums"
#: A minute of music in the time a loaded machine of two cores may take for it.
MAKING_MS = 300_000


def ask(page: Page, prompt: str) -> None:
    page.get_by_label("Describe your song").fill(prompt)
    page.get_by_role("button", name="Make song").click()


def made(page: Page) -> Locator:
    """Wait for the open song to be finished; return its play button."""
    play = page.get_by_role("region", name="Player").get_by_role("button", name="Play", exact=True)
    play.wait_for(timeout=MAKING_MS)
    return play


def alert(page: Page) -> Locator:
    """Return what the form complains of."""
    return page.get_by_role("form", name="Make a song").get_by_role("alert")


def position(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio')?.currentTime ?? 0"))


def paused(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('audio').paused"))


def until(true: Callable[[], bool]) -> None:
    """Wait for something in the page; the page's content policy forbids the browser's own waiting for expressions."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not come true in a minute"
        time.sleep(0.05)


def percents(page: Page) -> list[int]:
    """Watch the percentage until the song is made; return every figure it showed."""
    page.evaluate(
        """() => {
            window.shown = [];
            const look = () => {
                const text = document.querySelector('[data-testid=percent]')?.textContent;
                if (text && window.shown.at(-1) !== text) window.shown.push(text);
            };
            // Every change, however few frames a busy machine draws.
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
            look();
        }"""
    )
    made(page)
    return [int(re.sub(r"\D", "", text)) for text in page.evaluate("window.shown")]


def test_a_sentence_becomes_a_song(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    ask(page, NIGHT_DRIVE)
    shown = percents(page)
    assert len(shown) >= 3, shown
    assert shown == sorted(shown)

    made(page).click()
    start = position(page)
    until(lambda: position(page) > start + 1)

    page.get_by_role("button", name="Mute Bass", exact=True).click()
    expect(page.get_by_test_id("stem-bass")).to_have_attribute("data-silent", "true")
    expect(page.get_by_text("You hear the stems")).to_be_visible(timeout=60_000)
    assert paused(page), "the mix and the stems must not sound together"
    before = page.get_by_test_id("time").inner_text()
    expect(page.get_by_test_id("time")).not_to_have_text(before)

    stems = download(page, "Stems (ZIP)", tmp_path)
    with zipfile.ZipFile(stems) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) >= 5
        for name in archive.namelist():
            sound, rate = soundfile.read(io.BytesIO(archive.read(name)))
            assert rate == 44_100
            assert sound.shape[1] == 2
            assert abs(sound).max() > 0.001, name


def test_everything_stays_on_this_machine(visit: Visit) -> None:
    page = visit.page
    ask(page, SHORT)
    made(page).click()
    page.get_by_role("button", name="Load stems").click()
    expect(page.get_by_text("You hear the stems")).to_be_visible(timeout=60_000)
    assert {urlsplit(url).hostname for url in visit.requests if not url.startswith(("blob:", "data:"))} == {"127.0.0.1"}
    assert visit.complaints == []


def test_keys_play_and_seek(visit: Visit) -> None:
    page = visit.page
    ask(page, SHORT)
    made(page)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Space")
    until(lambda: not paused(page))
    page.keyboard.press("Space")
    until(lambda: paused(page))
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert position(page) == pytest.approx(5, abs=0.3)


def test_a_song_survives_reload_takes_a_name_and_goes(visit: Visit) -> None:
    page = visit.page
    ask(page, SHORT)
    made(page)
    page.get_by_role("button", name="Rename this song").click()
    page.get_by_role("textbox", name="Title").fill("Paper Lanterns")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Paper Lanterns")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Paper Lanterns")).to_be_visible()
    recent = page.get_by_role("region", name="Recent songs")
    recent.get_by_role("button", name="Play Paper Lanterns").click()
    until(lambda: position(page) > 0.2)

    recent.get_by_role("button", name="More for Paper Lanterns").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(recent.get_by_text("Paper Lanterns")).to_have_count(0)
    expect(page.get_by_role("heading", name="Say what you want to hear")).to_be_visible()


def test_a_wrong_word_is_shown_where_it_stands(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Describe your song").fill("a song")
    page.get_by_role("button", name="Options").click()
    page.get_by_label("Tempo (BPM)").fill("900")
    page.get_by_role("button", name="Make song").click()
    expect(page.get_by_label("Tempo (BPM)")).to_have_attribute("aria-invalid", "true")
    expect(alert(page)).to_contain_text("30–300 beats per minute")

    page.get_by_label("Tempo (BPM)").fill("")
    page.get_by_label("Genres").fill("synthwavv")
    page.get_by_label("Genres").press("Enter")
    page.get_by_role("button", name="Make song").click()
    expect(page.get_by_label("Genres")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("group", name="Did you mean").get_by_role("button", name="synthwave", exact=True).click()
    expect(page.get_by_role("button", name="Remove synthwave", exact=True)).to_be_visible()
    expect(alert(page)).to_have_count(0)


def test_a_song_takes_after_a_sound(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    beat = np.zeros((44_100 * 20, 2), dtype=np.float32)
    for start in range(0, len(beat), 44_100 * 60 // 90):
        beat[start : start + 400] = np.linspace(0.8, 0, 400)[: len(beat) - start, None]
    soundfile.write(tmp_path / "groove.wav", beat, 44_100)
    page.get_by_role("button", name="Options").click()
    page.get_by_test_id("reference").set_input_files(tmp_path / "groove.wav")
    expect(page.get_by_text(re.compile(r"groove\.wav · 90 BPM"))).to_be_visible()
    ask(page, "calm piano, 12 seconds, no drums")
    made(page)
    expect(page.get_by_role("list", name="Facts")).to_contain_text("90 BPM")
    assert visit.complaints == []


def test_a_song_can_be_cancelled(visit: Visit) -> None:
    page = visit.page
    ask(page, "epic cinematic orchestra, 600 seconds")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("You cancelled this song")).to_be_visible()


def test_a_second_tab_sees_the_song_being_made(visit: Visit, studio: str) -> None:
    other = open_page(visit.page.context, studio).page
    ask(visit.page, "driving house, 124 bpm, 60 seconds")
    making = other.get_by_role("region", name="Recent songs").get_by_role("listitem").first
    expect(making).to_contain_text(re.compile(r"\d+ %"))
    made(visit.page)
    expect(making.get_by_role("button", name=re.compile("^Play"))).to_be_visible()


def test_a_lost_studio_is_said_and_forgiven(visit: Visit) -> None:
    page = visit.page
    page.context.set_offline(True)
    ask(page, SHORT)
    expect(alert(page)).to_contain_text("does not answer")
    page.context.set_offline(False)
    page.get_by_role("button", name="Make song").click()
    made(page)


def test_a_phone_has_room_for_all_of_it(phone: Visit) -> None:
    page = phone.page

    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    assert fits()
    page.get_by_role("button", name="Options").click()
    assert fits()
    ask(page, SHORT)
    expect(made(page)).to_be_in_viewport()
    assert fits()
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert fits(), tab.inner_text()


def download(page: Page, what: str, folder: Path) -> Path:
    """Take a file home through the menu."""
    page.get_by_role("button", name="Download").click()
    with page.expect_download(timeout=60_000) as started:
        page.get_by_role("menuitem", name=what).click()
    target = folder / started.value.suggested_filename
    started.value.save_as(target)
    return target
