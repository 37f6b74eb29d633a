from pathlib import Path

import pytest

from text2song.cli import studio
from text2song.domain.errors import StudioError
from text2song.settings import Settings


def test_nothing_is_served_with_a_font_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"font\.sf2"):
        studio.serve(Settings(data_dir=tmp_path / "data", port=0, soundfont="/nowhere/font.sf2"))
    assert list(tmp_path.iterdir()) == []
