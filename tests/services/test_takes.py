"""Files of takes: found by name, read in parts, named for every system."""

from __future__ import annotations

import hashlib

import pytest
from tests.services.fakes import STEMS, FakeProvider, run_next_job

from text2song.domain.identity import LOCAL_OWNER
from text2song.domain.request import CompositionRequest
from text2song.services.compositions import get_composition
from text2song.services.studio import Studio
from text2song.services.submissions import Options, submit
from text2song.services.takes import (
    Archive,
    FileNotMadeError,
    SameTakeError,
    compare_takes,
    composition_archive,
    composition_file,
    get_take,
    read_chunks,
    safe_filename,
    take_file,
)
from text2song.storage.models import Take
from text2song.storage.repositories.base import RowNotFoundError


def test_files_are_the_bytes_that_were_hashed(studio: Studio) -> None:
    request = CompositionRequest(prompt="a tone", title="Rain / “Neon”")
    song = submit(studio, LOCAL_OWNER, request, Options(), seeded=True).composition_id
    run_next_job(studio, FakeProvider())
    (take,) = get_composition(studio, LOCAL_OWNER, song).takes
    for listed in take.files:
        file = take_file(studio, LOCAL_OWNER, take.id, listed["name"])
        content = b"".join(read_chunks(studio, file, 0, file.bytes))
        assert hashlib.sha256(content).hexdigest() == file.sha256 == listed["sha256"]
    assert get_take(studio, LOCAL_OWNER, take.id).report["passed"] is True
    assert composition_file(studio, LOCAL_OWNER, song, "stems/bass.flac", 1).filename == "Rain “Neon” - bass.flac"
    stems = composition_archive(studio, LOCAL_OWNER, song, "stems.zip", 1)
    assert isinstance(stems, Archive)
    assert [place for place, _ in stems.members] == [f"Rain “Neon” - stems/{name}.flac" for name in STEMS]
    assert stems.filename == "Rain “Neon” - stems.zip"
    project = composition_archive(studio, LOCAL_OWNER, song, "project.dawproject", 1)
    assert project.filename == "Rain “Neon”.dawproject"
    assert project.sha256 != stems.sha256
    with pytest.raises(FileNotMadeError, match="no take 2; 1 is made"):
        composition_file(studio, LOCAL_OWNER, song, "song.wav", 2)
    with pytest.raises(FileNotMadeError) as caught:
        take_file(studio, LOCAL_OWNER, take.id, "../../studio.db")
    assert "song.wav" in caught.value.choices


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b\\c:d", "a b c d"),
        ("..", "song"),
        (" \n ", "song"),
        ("x" * 300, "x" * 100),
        ("أغنية", "أغنية"),
        ("con. ", "con"),
    ],
)
def test_titles_become_names_that_every_system_takes(title: str, name: str) -> None:
    assert safe_filename(title) == name


def test_the_softest_take_stays_and_the_others_come_down(studio: Studio) -> None:
    takes = []
    for loudness in (-14.0, -17.5, -9.25):
        song = submit(studio, LOCAL_OWNER, CompositionRequest(prompt="a tone"), Options(), seeded=True).composition_id
        run_next_job(studio, FakeProvider())
        takes.append(get_composition(studio, LOCAL_OWNER, song).takes[0].id)
        with studio.sessions.write() as session:
            row = session.get_one(Take, takes[-1])
            row.report = row.report | {"loudness_lufs": loudness}
    compared = compare_takes(studio, LOCAL_OWNER, takes)
    assert [item.gain_db for item in compared] == [-3.5, 0.0, -8.25]
    with pytest.raises(RowNotFoundError):
        compare_takes(studio, None, takes)
    with pytest.raises(SameTakeError):
        compare_takes(studio, LOCAL_OWNER, takes[:1] * 2)
