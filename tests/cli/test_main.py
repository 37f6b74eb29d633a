"""Bad input: one clear sentence on standard error, exit code 2, nothing half-written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from text2song import __version__
from text2song.cli.main import status


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert status(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("text2song: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["make"], "empty"),
        (["make", " "], "empty"),
        (["make", "x" * 20_000], "20,000"),
        (["make", "a\x00b"], "control"),
        (["make", "pop", "--duration", "0"], "duration"),
        (["make", "pop", "--duration", "-5"], "duration"),
        (["make", "pop", "--duration", "1e9"], "duration"),
        (["make", "pop", "--duration", "abc"], "'--duration': it must be a number"),
        (["make", "pop", "--takes", "1.5"], "'--takes': it must be a whole number"),
        (["make", "pop", "--bpm", "5"], "bpm"),
        (["make", "pop", "--bpm", "900"], "bpm"),
        (["make", "pop", "--key", "H"], "key"),
        (["make", "pop", "--time-signature", "4/3"], "metre"),
        (["make", "pop", "--genre", "synthwav"], "synthwave"),
        (["make", "pop", "--instruments", "pianno"], "piano"),
        (["make", "pop", "--mood", "hapy"], "happy"),
        (["make", "pop", "--structure", "verse,korus"], "chorus"),
        (["make", "pop", "--genre", "pop:0,rock:0"], "zero"),
        (["make", "pop", "--energy", "0.5"], "two points"),
        (["make", "pop", "--takes", "0"], "takes"),
        (["make", "pop", "--provider", "nobody"], "composer"),
        (["make", "pop", "--lyrics", "no-such-file.txt"], "no-such-file.txt"),
        (["make", "pop", "--recipe", "no-such-file.json"], "no-such-file.json"),
        (["make", "pop", "--soundfont", "no-such-font.sf2"], "no-such-font.sf2"),
        (["make", "pop", "--format", "aac"], "flac"),
        (["make", "pop", "--wings"], "wings"),
        (["fly"], "fly"),
        (["serve", "--port", "99999"], "port"),
        (["serve", "--host", "0.0.0.0"], "127.0.0.1"),  # noqa: S104 - refused, which is the point
    ],
)
def test_bad_input_is_one_sentence(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert word in _refused(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_corrupt_soundfont_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    font = tmp_path / "broken.sf2"
    font.write_bytes(b"RIFF\xff\xff\xff\xffsfbkLIST" + bytes(100))
    assert "broken.sf2" in _refused(capsys, "make", "pop", "--soundfont", str(font))
    assert list(tmp_path.iterdir()) == [font]


def test_an_unwritable_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be written" in _refused(capsys, "make", "pop", "--out", "/proc/1/song")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


def test_without_arguments_there_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([]) == 0
    assert "make" in capsys.readouterr().out


def test_a_song_does_not_wait_for_the_studio() -> None:
    heavy = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "matplotlib", "pyloudnorm", "symusic", "torch")
    code = f"import sys, text2song.cli.main; print([name for name in {heavy!r} if name in sys.modules])"
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert made.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "value", "code", "word"),
    [
        ("DATABASE_URL", "mysql://a:hidden@b/c", 2, "not mysql"),
        ("DATABASE_URL", "foo://a:hidden@b/c", 2, "not foo"),
        ("DATABASE_URL", "postgresql+foo://a:hidden@b/c", 2, "driver"),
        ("DATABASE_URL", "hidden", 2, "not a URL"),
        ("DATABASE_URL", "postgres://a:hidden@127.0.0.1:1/c", 1, "cannot be opened"),
        ("REDIS_URL", "http://hidden", 2, "redis://"),
    ],
)
def test_setting_that_cannot_be_used_is_one_sentence(
    name: str,
    value: str,
    code: int,
    word: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"TEXT2SONG_{name}", value)
    assert status(["db", "upgrade", "--data-dir", str(tmp_path)]) == code
    told = capsys.readouterr().err
    assert word in told
    assert "hidden" not in told
    assert told.count("\n") == 1
