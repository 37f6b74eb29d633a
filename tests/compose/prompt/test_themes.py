"""Themes, titles and words to sing."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.prompt.themes import made_title, read_title, split_lyrics
from text2song.domain.context import Vocals
from text2song.domain.request import CompositionRequest


@pytest.mark.parametrize(
    ("prompt", "theme"),
    [
        ("pop song about leaving home", "leaving home"),
        ("about night drives, 100 bpm", "night drives"),
        ("a song about my old truck with banjo and fiddle", "my old truck"),
        ("rock about dancing with the devil", "dancing with the devil"),
        ("folk about the sea at 90 bpm", "the sea"),
        ("about 90 seconds", ""),
        ("pop", ""),
    ],
)
def test_what_the_song_is_about(prompt: str, theme: str) -> None:
    assert read_prompt(CompositionRequest(prompt)).theme == theme


def test_things_in_the_theme_are_not_asked_for_but_feelings_count() -> None:
    context = read_prompt(CompositionRequest("pop song about a broken guitar and heartbreak"))
    assert context.instruments == ()
    assert "heartbroken" in context.moods
    assert context.valence < 0


def test_lyrics_in_the_prompt_are_kept_and_sung() -> None:
    context = read_prompt(CompositionRequest('sad folk. Lyrics: "No drums tonight\nno banjo"'))
    assert context.lyrics == "No drums tonight\nno banjo"
    assert context.vocals is Vocals.SUNG
    assert context.without == ()
    assert split_lyrics("pop with lyrics about love") == ("pop with lyrics about love", None)


def test_a_name_inside_the_words_to_sing_is_no_title() -> None:
    context = read_prompt(CompositionRequest('folk. Lyrics: there was a man named "Bob"\nand he could sing'))
    assert context.title != "Bob"
    assert read_prompt(CompositionRequest('folk called "Bob". Lyrics: he could sing')).title == "Bob"


def test_titles() -> None:
    assert read_title('a ballad called "Blue Door", slow') == "Blue Door"
    assert made_title("the end of the world", (), "pop") == "The End of the World"
    assert made_title("", ("dreamy",), "UK garage") == "Dreamy UK Garage"
    assert len(made_title("word " * 40, (), "pop")) <= 60
