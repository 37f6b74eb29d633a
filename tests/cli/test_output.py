import subprocess
import sys
from pathlib import Path

import pytest

from text2song.cli.output import UnwritableFolderError, publish, staging_folder


def test_a_song_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "a" / "song"
    with staging_folder(target) as folder:
        (folder / "song.wav").write_text("new")
        assert not target.exists()
        publish(folder, target)
    assert [path.name for path in target.iterdir()] == ["song.wav"]
    assert [path.name for path in target.parent.iterdir()] == ["song"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "song"

    def fail() -> None:
        with staging_folder(target) as folder:
            (folder / "song.wav").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_song_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    target = tmp_path / "song"
    (target / "stems").mkdir(parents=True)
    (target / "stems" / "old.wav").write_text("old")
    (target / "lyrics.lrc").write_text("old")
    (target / "notes.txt").write_text("mine")
    with staging_folder(target) as folder:
        (folder / "stems").mkdir()
        (folder / "stems" / "bass.wav").write_text("new")
        publish(folder, target)
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    assert found == ["notes.txt", "stems/bass.wav"]


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys; from text2song.cli.output import staging_folder;"
        "staging = staging_folder(pathlib.Path(sys.argv[1]));"
        "(staging.__enter__() / 'song.wav').write_text('half');"
        "os.kill(os.getpid(), 9)"
    )
    target = tmp_path / "song"
    subprocess.run([sys.executable, "-c", code, str(target)], check=False, timeout=60)
    (tmp_path / ".song-kept").mkdir()
    (left,) = (path for path in tmp_path.iterdir() if path.name != ".song-kept")
    with staging_folder(target) as folder, staging_folder(target) as other:
        assert not left.exists()
        # One that is in use stays.
        assert folder.is_dir()
        assert other.is_dir()
        assert other != folder
    assert [path.name for path in tmp_path.iterdir()] == [".song-kept"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "song").write_text("I am a file")
    with pytest.raises(UnwritableFolderError, match="is a file"), staging_folder(tmp_path / "song"):
        pytest.fail("must not begin")
    with pytest.raises(UnwritableFolderError), staging_folder(tmp_path / "song" / "deeper"):
        pytest.fail("must not begin")


def test_a_folder_of_the_system_cannot_be_written() -> None:
    with pytest.raises(UnwritableFolderError, match="cannot be written"), staging_folder(Path("/proc/1/song")):
        pytest.fail("must not begin")
