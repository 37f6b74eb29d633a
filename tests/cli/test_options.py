from pathlib import Path

import pytest

from text2song.audio.export.package import PACKAGES
from text2song.cli.options import (
    InvalidOptionTextError,
    parse_energy,
    parse_formats,
    parse_genres,
    parse_names,
    read_lyrics,
)
from text2song.domain.request import GenreWeight


def test_lists_are_read() -> None:
    assert parse_names(" piano , strings,,") == ("piano", "strings")
    assert parse_genres("synthwave:0.7, house:0.3") == (GenreWeight("synthwave", 0.7), GenreWeight("house", 0.3))
    assert parse_genres("pop") == (GenreWeight("pop"),)
    assert parse_energy("0.2,1") == (0.2, 1.0)


def test_every_format_that_can_be_written_can_be_asked_for() -> None:
    wanted = [ending for ending in PACKAGES if ending != "wav"]
    assert parse_formats(", .".join(wanted)) == tuple(wanted)
    with pytest.raises(InvalidOptionTextError, match="dawproject"):
        parse_formats("wma")


@pytest.mark.parametrize("text", ["pop:loud", "pop:1x"])
def test_a_weight_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidOptionTextError, match="number"):
        parse_genres(text)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"", b"  \n"])
def test_a_broken_lyrics_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(InvalidOptionTextError):
        read_lyrics(path)


def test_a_missing_lyrics_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionTextError, match="cannot be read"):
        read_lyrics(tmp_path / "none.txt")


def test_a_byte_order_mark_is_not_sung(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffhello".encode())
    assert read_lyrics(path) == "hello"
