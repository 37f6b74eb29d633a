"""Fonts are found where systems keep them; a broken one is passed over, or an error if it was asked for."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.audio.soundfont.builder import SAMPLE, Zone, simple

from text2song.audio.soundfont.library import MissingSoundFontError, find_soundfonts, font_digest
from text2song.audio.soundfont.riff import CorruptSoundFontError

FONT = simple(Zone(((SAMPLE, 0),)))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = tmp_path / ".local/share/soundfonts"
    folder.mkdir(parents=True)
    return folder


def found_in(folder: Path) -> list[str]:
    return [path.name for path in find_soundfonts() if path.parent == folder]


def test_none_means_none() -> None:
    assert find_soundfonts("none") == ()
    assert find_soundfonts(" None ") == ()


def test_the_setting_comes_first_and_is_not_repeated(home: Path) -> None:
    (home / "mine.sf2").write_bytes(FONT)
    found = find_soundfonts(str(home / "mine.sf2"))
    assert found[0] == home / "mine.sf2"
    assert found.count(found[0]) == 1


def test_a_missing_or_broken_setting_is_an_error(home: Path) -> None:
    with pytest.raises(MissingSoundFontError, match="no SoundFont file") as caught:
        find_soundfonts(str(home / "absent.sf2"))
    assert caught.value.field == "soundfont"
    (home / "bad.sf2").write_bytes(FONT[:-40])
    with pytest.raises(CorruptSoundFontError, match="bad"):
        find_soundfonts(str(home / "bad.sf2"))


def test_better_fonts_come_first(home: Path) -> None:
    for name, extra in [("TimGM6mb.sf2", 0), ("FluidR3_GM.sf2", 0), ("small.sf2", 0), ("large.SF3", 500)]:
        (home / name).write_bytes(FONT + bytes(extra))
    (home / "notes.txt").write_text("no font", encoding="utf-8")
    assert found_in(home) == ["FluidR3_GM.sf2", "large.SF3", "small.sf2", "TimGM6mb.sf2"]


def test_a_link_is_the_font_it_points_to(home: Path) -> None:
    (home / "a.sf2").write_bytes(FONT)
    (home / "default-GM.sf2").symlink_to(home / "a.sf2")
    (home / "dangling.sf2").symlink_to(home / "gone.sf2")
    assert found_in(home) == ["a.sf2"]


def test_a_broken_font_is_passed_over_with_a_warning(home: Path) -> None:
    (home / "bad.sf2").write_bytes(FONT[:200])
    (home / "good.sf2").write_bytes(FONT)
    with capture_logs() as logs:
        assert found_in(home) == ["good.sf2"]
    assert [(log["event"], log["log_level"], Path(log["path"]).name) for log in logs] == [
        ("soundfont_skipped", "warning", "bad.sf2")
    ]


@pytest.mark.skipif(importlib.util.find_spec("pretty_midi") is None, reason="the soundfont extra is not installed")
def test_the_installed_package_brings_a_font() -> None:
    assert any(path.name == "TimGM6mb.sf2" for path in find_soundfonts())


def test_fonts_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{name}.sf2" for name in "abc")
    one.write_bytes(FONT)
    two.write_bytes(FONT)
    three.write_bytes(FONT + b"\0")
    assert font_digest(one) == font_digest(two) != font_digest(three)
