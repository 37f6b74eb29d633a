from dataclasses import replace

from tests.audio.songs import small_song

from text2song.audio.export.chordpro import chordpro_bytes


def sheet(**changes: object) -> str:
    return chordpro_bytes(replace(small_song(), **changes)).decode()  # type: ignore[arg-type]


def test_directives_come_first() -> None:
    lines = sheet().splitlines()
    assert lines[0] == "{title: Small Song}"
    assert {"{key: A minor}", "{tempo: 120}", "{time: 4/4}", "{comment: AI-generated}"} <= set(lines)


def test_every_section_is_opened_and_closed_and_every_chord_stands_once() -> None:
    text = sheet()
    song = small_song()
    assert text.count("{start_of_") == text.count("{end_of_") == len(song.sections)
    for name in ("Am", "F", "C", "G7"):
        assert name in text
    assert "." in text


def test_sections_without_words_are_grids_of_whole_bars() -> None:
    text = sheet(lyrics=None)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [cell.split() for row in rows for cell in row.strip("|").split("|") if cell.strip()]
    assert len(cells) == small_song().bars
    assert all(len(cell) == 4 for cell in cells)
    assert [cell[0] for cell in cells] == ["Am", "F", "C", "G7"]


def test_chords_stand_before_the_syllable_they_begin_under() -> None:
    song = small_song()
    assert song.lyrics is not None
    first = song.lyrics.lines[0]
    line = next(line for line in sheet().splitlines() if line.startswith("["))
    assert line.startswith("[Am]" + first.syllables[0].text)


def test_brackets_in_words_cannot_become_chords() -> None:
    song = small_song()
    text = sheet(context=replace(song.context, title="{x} [y]"))
    assert text.startswith("{title: (x) (y)}")
