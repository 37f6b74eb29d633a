from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from text2song.cli.main import status


def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert status(["serve", "--port", str(port), "--data-dir", str(tmp_path / "data")]) == 2
    assert f"port {port} is in use" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), [("PORT", "abc"), ("LOG_FORMAT", "xml")])
def test_a_broken_setting_names_its_variable(
    name: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TEXT2SONG_{name}", value)
    assert status(["serve"]) == 2
    assert f"TEXT2SONG_{name}" in capsys.readouterr().err


def test_an_unwritable_folder_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["serve", "--port", "0", "--data-dir", "/proc/1/studio"]) in (1, 2)
    assert "cannot be written" in capsys.readouterr().err


def test_a_soundfont_that_is_not_there_is_said_before_serving(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXT2SONG_SOUNDFONT", "/nowhere/font.sf2")
    assert status(["serve", "--port", "0", "--data-dir", str(tmp_path / "data")]) == 2
    assert "font.sf2" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_brought_up_to_date(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert status(["db", "upgrade", "--data-dir", str(tmp_path / "data")]) == 0
    assert "up to date" in capsys.readouterr().out
    assert (tmp_path / "data" / "studio.db").is_file()


def test_a_studio_serves_and_ends_in_peace(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "text2song", "serve", "--port", "0", "--data-dir", str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TEXT2SONG_RATE_LIMITS": "0"}
    studio = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        assert studio.stdout is not None
        address = next(word for word in studio.stdout.readline().split() if word.startswith("http"))
        assert _healthy(f"{address}/api/v2/health")
        studio.terminate()
        assert studio.wait(30) == 0
    finally:
        studio.kill()
        studio.communicate(timeout=10)


def _healthy(address: str) -> bool:
    """Wait until the worker has signed in, which is when the studio calls itself well."""
    for _ in range(300):
        if httpx2.get(address, timeout=20).status_code == 200:
            return True
        time.sleep(0.1)
    return False
