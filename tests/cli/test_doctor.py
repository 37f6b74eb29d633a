from pathlib import Path

import pytest

from text2song.cli.main import status


def test_it_says_what_is_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXT2SONG_DATA_DIR", str(tmp_path / "not" / "yet"))
    assert status(["doctor"]) == 0
    text = capsys.readouterr().out
    for word in ("composer", "voice", "web page", "soundfont", "data"):
        assert word in text
    assert list(tmp_path.iterdir()) == []


def test_a_broken_setting_is_a_failure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT2SONG_SOUNDFONT", "/nowhere/font.sf2")
    assert status(["doctor"]) == 1
    assert "font.sf2" in capsys.readouterr().out
