import pytest

from text2song.compose.words.pronunciation import spoken_words
from text2song.compose.words.writer.bank import diction, lines, themes, themes_of
from text2song.compose.words.writer.phrases import pick_rows, table_rows


def test_there_are_themes_enough_and_each_is_whole() -> None:
    assert len(themes()) >= 30
    for name, theme in themes().items():
        assert len(table_rows(theme["scene"])) >= 6, name
        assert len(table_rows(theme["act"])) >= 4, name
        assert len(table_rows(theme["places"])) >= 4, name
        assert len(table_rows(theme["titles"])) >= 3, name
        assert -1 <= theme["mood"] <= 1


@pytest.mark.parametrize(
    ("theme", "first"),
    [
        ("the sea", "sea"),
        ("leaving home", "homecoming"),
        ("night drives", "night_drive"),
        ("my broken heart and a divorce", "heartbreak"),
        ("dancing all night on the dancefloor", "dance"),
        ("robots", "machine"),
        ("zorbing", None),
    ],
)
def test_words_find_their_theme(theme: str, first: str | None) -> None:
    found = themes_of(theme, "a pop song with guitar")
    assert (found[0] if found else None) == first


def test_genres_speak_with_their_ancestors() -> None:
    assert "serpent" in diction(("metal", "rock"))["openings"]
    assert diction(("unheard of", "hiphop"))["rate"] > diction(("pop",))["rate"]
    for style in ("pop", "folk", "hiphop", "nothing"):
        assert set(str(diction((style,))["themes"]).split()) <= set(themes())


def test_every_row_can_be_sung() -> None:
    rows = [row for key in lines() for row in pick_rows(lines(), key)]
    assert len(rows) > 250
    assert all(spoken_words(row.rpartition("|")[2].replace("{}", "love")) for row in rows)
