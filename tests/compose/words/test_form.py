import pytest

from text2song.compose.words.form import natural_bars, tagged_kinds, words_seconds
from text2song.domain.composition import SectionKind

VERSE = "[Verse]\n" + "the city lights are burning bright\n" * 4
CHORUS = "[Chorus]\n" + "drive away into the day\n" * 4


def test_tags_give_the_form_in_order() -> None:
    assert tagged_kinds(VERSE + CHORUS + VERSE + "[Chorus]") == (
        SectionKind.VERSE,
        SectionKind.CHORUS,
        SectionKind.VERSE,
        SectionKind.CHORUS,
    )
    assert tagged_kinds("just\nwords") == ()


def test_four_lines_of_eight_ask_for_eight_bars() -> None:
    assert natural_bars(VERSE, 2.0) == {"verse": 8}
    assert natural_bars(VERSE, 1.0)["verse"] == 16


@pytest.mark.parametrize(
    ("text", "least", "most"), [(VERSE + CHORUS + VERSE + CHORUS, 64, 100), ("one\n" * 500, 500, 600)]
)
def test_words_make_the_song_as_long_as_they_need(text: str, least: float, most: float) -> None:
    seconds = words_seconds(text, 2.0, 60.0)
    assert seconds is not None
    assert least <= seconds <= most


@pytest.mark.parametrize("text", ["", "oh", "[Chorus]\nhey", "a\nb\n\nc"])
def test_few_words_leave_the_length_to_the_style(text: str) -> None:
    assert words_seconds(text, 2.0, 150.0) is None
