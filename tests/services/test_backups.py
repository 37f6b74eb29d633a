"""A studio in one file: whole, made while others write, restored on another database and store, never half."""

from __future__ import annotations

import json
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from benchmarks.hostile import honest_files
from sqlalchemy import text
from tests.services.fakes import FakeProvider, make_studio, run_next_job, stored_files
from tests.swift_server import S3Server

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.jobs.roster import own_name
from text2song.services.backups import BackupError, LostFilesError, NotEmptyError, back_up, restore
from text2song.services.checking import check
from text2song.services.compositions import Query, delete_composition, get_composition, list_compositions
from text2song.services.files import Kind, Upload, keep_upload
from text2song.services.prompts import create_prompt, list_prompts
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.takes import get_take
from text2song.storage.dumping import Snapshot, snapshot_of, tables


def song(studio: Studio, title: str = "Äther – 2") -> UUID:
    wish = CompositionRequest(prompt="a tone “in the rain”", title=title)
    made = submit(studio, LOCAL_OWNER, wish, Options(num_samples=2), seeded=True)
    run_next_job(studio, FakeProvider())
    return made.composition_id


def upload(studio: Studio) -> UUID:
    content = honest_files()["FLAC PCM_16"]
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return keep_upload(studio, LOCAL_OWNER, Upload(file, len(content), "a.flac", Kind.REFERENCE)).id


def everything(studio: Studio) -> dict[str, list[Any]]:
    """Every row of every table, as lines of JSON made plain again."""
    with snapshot_of(studio.sessions.engine) as connection:
        return {table.name: [json.loads(line) for line in Snapshot(connection).lines(table)] for table in tables()}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio with two songs, one waiting, a prompt and a file."""
    made = make_studio(tmp_path_factory.mktemp("full"))
    song(made)
    song(made, "Second")
    submit(made, LOCAL_OWNER, CompositionRequest(prompt="waiting"), Options(), seeded=True)
    create_prompt(made, LOCAL_OWNER, CompositionRequest(prompt="kept"))
    upload(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def backup(full: Studio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backup") / "studio.zip"
    contents = back_up(full, target)
    assert contents.rows["takes"] == 4
    assert contents.rows["compositions"] == 3
    assert contents.files == len(stored_files(full))
    assert [path.name for path in target.parent.iterdir()] == ["studio.zip"]
    return target


def test_it_moves_to_another_database(full: Studio, backup: Path, tmp_path: Path, database_url: str) -> None:
    other = make_studio(tmp_path / "other", database_url=database_url)
    contents = restore(other, backup)
    assert everything(other) == everything(full)
    assert contents.rows == {name: len(rows) for name, rows in everything(full).items()}
    assert stored_files(other) == stored_files(full)
    found = check(other)
    assert (found.troubles, found.unnamed, found.files) == ((), 0, contents.files)
    # It lives: songs are found by their words, read, removed, and the waiting one is made.
    listed = list_compositions(other, LOCAL_OWNER, Query(text="Second")).items
    assert [item.title for item in listed] == ["Second"]
    assert get_take(other, LOCAL_OWNER, listed[0].takes[0].id).report["passed"]
    delete_composition(other, LOCAL_OWNER, listed[0].id)
    run_next_job(other, FakeProvider())
    assert check(other).troubles == ()
    other.close()


def test_it_moves_to_another_store(full: Studio, backup: Path, tmp_path: Path, s3: S3Server) -> None:
    other = make_studio(tmp_path / "other", **s3.settings(f"backup-{uuid4()}"))
    restore(other, backup)
    assert check(other).troubles == ()
    again = tmp_path / "again.zip"
    back_up(other, again)
    with zipfile.ZipFile(again) as one, zipfile.ZipFile(backup) as two:
        assert sorted(one.namelist()) == sorted(two.namelist())
        assert one.read("tables/takes.jsonl") == two.read("tables/takes.jsonl")
    assert everything(other) == everything(full)
    other.close()


def test_it_is_of_one_moment_while_others_write_and_remove(tmp_path: Path, database_url: str) -> None:
    studio = make_studio(tmp_path / "busy", database_url=database_url)
    songs = [song(studio, str(number)) for number in range(4)]
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            create_prompt(studio, LOCAL_OWNER, CompositionRequest(prompt="more"))

    def remove(stage: str, fraction: float) -> None:
        if stage == "files" and fraction > 0.1 and len(songs) > 2:
            delete_composition(studio, LOCAL_OWNER, songs.pop())

    writer = threading.Thread(target=write)
    writer.start()
    contents = back_up(studio, tmp_path / "busy.zip", remove)
    done.set()
    writer.join()
    assert contents.rows["compositions"] == 2
    other = make_studio(tmp_path / "other")
    restore(other, tmp_path / "busy.zip")
    assert check(other).troubles == ()
    assert {str(get_composition(other, LOCAL_OWNER, id_).id) for id_ in songs} == {str(id_) for id_ in songs}
    # Every prompt of a song came along with it, and no prompt came half.
    assert list_prompts(other, LOCAL_OWNER, limit=1, offset=0).total == contents.rows["prompts"]
    other.close()
    studio.close()


def test_only_into_an_empty_studio_at_rest(full: Studio, backup: Path, tmp_path: Path) -> None:
    before = everything(full)
    with pytest.raises(NotEmptyError, match="compositions"):
        restore(full, backup)
    assert everything(full) == before
    working = make_studio(tmp_path)
    working.roster.sign_in(own_name())
    with pytest.raises(NotEmptyError, match="running"):
        restore(working, backup)
    working.close()


def _member(name: str) -> Callable[[str, bytes], bytes | None]:
    return lambda found, content: None if found.startswith(name) else content


def _changed(name: str) -> Callable[[str, bytes], bytes | None]:
    return lambda found, content: content + b"\n{}" if found.startswith(name) else content


def _manifest(**changes: object) -> Callable[[str, bytes], bytes | None]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_member("manifest.json"), "not a backup"),
        (_member("tables/takes"), "lacks the table takes"),
        (_member("blobs/files"), "lacks the file"),
        (_changed("tables/takes"), "not what it was"),
        (_changed("tables/users"), "not what it was"),
        (_changed("blobs/takes"), "not what it was"),
        (_manifest(format=99), "restore it with that"),
        (_manifest(revision="0001"), "migration 0001"),
        (_manifest(tables=[]), "restore it with that"),
    ],
)
def test_a_broken_backup_restores_nothing(
    backup: Path, tmp_path: Path, change: Callable[[str, bytes], bytes | None], words: str
) -> None:
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(tmp_path / "broken.zip", "w") as broken:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                broken.writestr(name, content)
    studio = make_studio(tmp_path / "studio")
    before = everything(studio)
    with pytest.raises(BackupError, match=words):
        restore(studio, tmp_path / "broken.zip")
    assert everything(studio) == before
    studio.close()


def test_no_zip_at_all(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no zip")
    for name in ("text", "missing"):
        with pytest.raises(BackupError, match="not a backup"):
            restore(studio, tmp_path / name)


def test_lost_and_changed_files_are_told_and_keep_the_old_backup(studio: Studio, tmp_path: Path) -> None:
    song(studio)
    target = tmp_path / "backup.zip"
    back_up(studio, target)
    old = target.read_bytes()
    (key, other) = [key for key in studio.blobs.list("takes") if key.endswith(("song.ogg", "song.mp3"))][:2]
    studio.blobs.put(key, b"changed")
    with pytest.raises(LostFilesError, match="not what it was"):
        back_up(studio, target)
    studio.blobs.delete([key])
    with pytest.raises(LostFilesError, match="1 files"):
        back_up(studio, target)
    studio.blobs.put(other, b"x")
    troubles = check(studio).troubles
    assert sorted(troubles) == sorted((f"{key} is not there", f"{other} has another content"))
    assert f"{other} has another length" in check(studio, deep=False).troubles
    assert target.read_bytes() == old
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_no_row_names_is_counted(studio: Studio) -> None:
    id_ = song(studio)
    studio.blobs.put("takes/nobody.1/song.wav", b"x")
    assert (check(studio).unnamed, check(studio).troubles) == (1, ())
    with studio.sessions.write() as session:
        session.execute(text("DELETE FROM takes"))
    assert check(studio).troubles == (f"song {id_} is complete without a take",)


def test_a_full_disk_leaves_no_half_backup(full: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full_disk)
    with pytest.raises(OSError, match="No space"):
        back_up(full, tmp_path / "backup.zip")
    assert list(tmp_path.iterdir()) == []
