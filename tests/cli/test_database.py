"""`text2song db` over a real studio."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.fakes import FakeProvider, make_studio, run_next_job

from text2song.cli.main import status
from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.submissions import Options, submit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    studio = make_studio(tmp_path / "studio")
    submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True)
    run_next_job(studio, FakeProvider())
    studio.close()
    return tmp_path / "studio"


def test_kept_lost_and_restored(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "studio.zip")
    assert status(["db", "backup", file, "--data-dir", str(folder)]) == 0
    assert f"are in {file}" in capsys.readouterr().out
    assert status(["db", "check", "--data-dir", str(folder)]) == 0
    assert "0 troubles" in capsys.readouterr().out
    next(folder.rglob("song.flac")).unlink()
    assert status(["db", "check", "--quick", "--data-dir", str(folder)]) == 1
    assert "song.flac is not there" in capsys.readouterr().out
    assert status(["db", "backup", file, "--data-dir", str(folder)]) == 1
    assert "1 files are named but not there" in capsys.readouterr().err
    assert status(["db", "restore", file, "--data-dir", str(folder)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert status(["db", "restore", file, "--data-dir", str(tmp_path / "new")]) == 0
    assert "are back" in capsys.readouterr().out
    assert status(["db", "check", "--data-dir", str(tmp_path / "new")]) == 0


def test_down_and_up_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--data-dir", str(tmp_path)]
    assert status(["db", "upgrade", *place]) == 0
    assert "up to date" in capsys.readouterr().out
    assert status(["db", "downgrade", "--steps", "2", *place]) == 0
    assert "2 undone" in capsys.readouterr().out
    assert status(["db", "downgrade", "--steps", "1000", *place]) == 0
    assert "the database is at nothing" in capsys.readouterr().out
    assert status(["db", "upgrade", *place]) == 0
    assert status(["db", "check", *place]) == 0


def test_files_that_are_no_backups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text("no backup")
    for name in ("text", "missing"):
        assert status(["db", "restore", str(tmp_path / name), "--data-dir", str(tmp_path / "studio")]) == 2
        assert name in capsys.readouterr().err
    assert status(["db", "backup", str(tmp_path / "no" / "folder.zip"), "--data-dir", str(tmp_path / "studio")]) == 1
