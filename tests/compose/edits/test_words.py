from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.apply import edited
from text2song.compose.edits.targets import Selection, selected
from text2song.compose.edits.words import lyric_text, new_words, words_of
from text2song.compose.words.stanzas import read_stanzas
from text2song.domain.edits import Edit, InvalidEditError


def test_a_stanza_sung_over_and_over_is_read_once() -> None:
    song = finished(sung=True)
    assert words_of(song, "verse.1") == ("Rain on the window tonight", "I am walking home alone")


def test_the_text_has_one_stanza_for_every_section_of_a_sung_kind() -> None:
    song = finished(sung=True)
    stanzas = read_stanzas(lyric_text(song, {"chorus.1": ("Only this",)}))
    sung = [section for section in song.sections if section.kind.value in ("verse", "chorus")]
    assert [stanza.kind for stanza in stanzas] == [section.kind for section in sung]
    found = {section.name: stanza.lines for section, stanza in zip(sung, stanzas, strict=True)}
    assert found["chorus.1"] == ("Only this",)
    assert found["verse.1"] == words_of(song, "verse.1")


def test_tags_say_where_new_words_go() -> None:
    song = finished(sung=True)
    assert new_words(song, "[Verse]\nNew for the verse", Selection())["verse.1"] == ("New for the verse",)
    assert "chorus.1" not in new_words(song, "[Verse]\nNew for the verse", Selection())


def test_words_without_tags_go_where_the_edit_points() -> None:
    song = finished(sung=True)
    chosen = selected(song, ("chorus.1/lyrics",), "remake")
    assert new_words(song, "One\n\nTwo", chosen) == {"chorus.1": ("One", "Two")}


def test_words_that_nobody_can_sing_are_refused() -> None:
    with pytest.raises(InvalidEditError, match="nobody sings"):
        new_words(finished(), "La la", Selection())
    with pytest.raises(InvalidEditError, match="no section that is sung"):
        new_words(finished(sung=True), "[Solo]\nLa la", Selection())


def test_an_edit_says_which_of_its_words_are_not_sung_and_forgets_what_was_said_of_others() -> None:
    song = finished(sung=True)
    long = edited(song, Edit(lyrics="\n".join(f"Walking down the road {number} tonight" for number in range(99))))
    assert long.lyrics is not None
    assert [" of 99 lines fit" in note for note in long.lyrics.notes] == [True]
    short = edited(long, Edit(lyrics="Short and sweet\n\nCarry me home"))
    assert short.lyrics is not None
    assert short.lyrics.notes == ()
    lost = edited(song, Edit(lyrics="[Verse]\nShort and sweet\n[Zzz]\nUnder no tag\n[Drop]\nNobody drops"))
    assert lost.lyrics is not None
    assert "“Zzz” names no section" in lost.lyrics.notes[0]
    assert "has no drop" in lost.lyrics.notes[1]


def test_new_words_in_a_language_nobody_sings_are_said_to_be_so() -> None:
    song = finished(sung=True)
    verse = edited(song, Edit(lyrics="[Verse]\nJe suis dans la nuit avec toi\nEt tu es dans mon coeur"))
    assert verse.lyrics is not None
    assert verse.lyrics.language == "en"
    assert "French" in verse.lyrics.notes[0]
    whole = edited(song, Edit(lyrics="Je suis dans la nuit avec toi\nEt tu es dans mon coeur"))
    assert whole.lyrics is not None
    assert whole.lyrics.language == "fr"
