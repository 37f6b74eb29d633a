"""A studio opens where it can be written, and says in one sentence where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.fakes import make_studio

from text2song.services.makers import build_router
from text2song.services.studio import DataFolderError, Studio
from text2song.storage.engine import DatabaseUrlError
from text2song.storage.session import DatabaseUnavailableError


def test_opens_twice_on_the_same_folder(tmp_path: Path) -> None:
    first = make_studio(tmp_path / "new" / "folder")
    second = make_studio(tmp_path / "new" / "folder")
    assert first.database_url == second.database_url
    assert first.work_folder.is_dir()
    first.close()
    second.close()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolderError, match="cannot be written") as caught:
        make_studio(tmp_path / "file")
    assert caught.value.field == "data_dir"


def test_databases_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError):
        make_studio(tmp_path, database_url="nonsense")
    (tmp_path / "studio.db").write_bytes(b"this is no database, and long enough to show it" * 100)
    with pytest.raises(DatabaseUnavailableError):
        make_studio(tmp_path)


def test_requests_name_the_providers_that_workers_run(studio: Studio) -> None:
    assert studio.providers == build_router("none").names
