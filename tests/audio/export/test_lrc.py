from __future__ import annotations

from dataclasses import replace

from tests.audio.songs import small_song

from text2song.audio.export.lrc import lrc_bytes
from text2song.domain.lyrics import LyricLine, Lyrics


def _lines(content: bytes) -> list[str]:
    return content.decode().splitlines()


def test_sung_lines_have_the_time_of_their_first_note() -> None:
    assert "[00:00.00]Hold the morning" in _lines(lrc_bytes(small_song()))


def test_words_have_times_too_when_asked() -> None:
    assert "[00:00.00]<00:00.00>Hold <00:00.50>the <00:01.00>morning" in _lines(lrc_bytes(small_song(), words=True))


def test_the_header_names_the_song_and_its_length() -> None:
    assert _lines(lrc_bytes(small_song()))[:2] == ["[ti:Small Song]", "[length:00:08.00]"]


def test_lines_without_notes_are_spread_over_their_section() -> None:
    lines = (*(LyricLine("Once more", "chorus.1") for _ in range(2)), LyricLine("lost", "nowhere.1"))
    content = _lines(lrc_bytes(replace(small_song(), lyrics=Lyrics(lines))))
    assert content[3:] == ["[00:04.00]Once more", "[00:06.00]Once more"]


def test_without_lyrics_only_the_header_stands() -> None:
    assert len(_lines(lrc_bytes(replace(small_song(), lyrics=None)))) == 3


def test_brackets_and_line_breaks_in_words_are_no_tags() -> None:
    song = replace(small_song(), lyrics=Lyrics((LyricLine("[00:99.00] odd\nline", "verse.1"),)))
    assert _lines(lrc_bytes(song))[-1] == "[00:00.00](00:99.00) odd line"
