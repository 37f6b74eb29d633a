"""The desk of one reading."""

from __future__ import annotations

from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.sheet import Sheet
from text2song.domain.context import Source


def test_what_decided_is_noted_and_what_is_left_is_listed() -> None:
    sheet = Sheet("Gloomy Frobnicating pop", lexicon())
    sheet.match()
    sheet.take("genres", [match for match in sheet.found if match.names(Kind.GENRE)])
    assert sheet.sources["genres"].source is Source.WORDS
    assert sheet.sources["genres"].words == "pop"
    assert sheet.leftover() == ("Gloomy", "Frobnicating")


def test_taking_nothing_notes_nothing() -> None:
    sheet = Sheet("pop", lexicon())
    sheet.take("moods", [])
    assert sheet.sources == {}


def test_a_theme_hides_its_things() -> None:
    sheet = Sheet("folk about a trumpet", lexicon())
    sheet.match()
    assert sheet.take_theme() == "a trumpet"
    assert not any(match.names(Kind.INSTRUMENT) for match in sheet.found)
