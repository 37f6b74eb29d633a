"""What `text2song db` calls closes what it opens; tests/cli/test_database.py has the whole."""

from __future__ import annotations

from pathlib import Path

from text2song.cli import upkeep
from text2song.domain.progress import silent
from text2song.settings import Settings


def test_each_opens_and_closes(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "studio")
    upkeep.upgrade(settings)
    assert upkeep.check(settings, deep=True, progress=silent).troubles == ()
    kept = upkeep.back_up(settings, tmp_path / "backup.zip", silent)
    other = Settings(data_dir=tmp_path / "other")
    assert upkeep.restore(other, tmp_path / "backup.zip", silent) == kept
    undone, left = upkeep.downgrade(settings, 1)
    assert undone == 1
    assert left is not None
