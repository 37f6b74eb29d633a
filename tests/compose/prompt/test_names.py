"""Names set in a field."""

from __future__ import annotations

import pytest

from text2song.compose.prompt import names
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.style import load_style
from text2song.domain.instruments import UnknownInstrumentError


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lofi", "lo-fi hip hop"),
        ("hiphop", "hip hop"),
        ("DnB", "drum and bass"),
        ("rnb", "R&B"),
        ("Synth-Wave", "synthwave"),
    ],
)
def test_genres_answer_to_their_spellings(written: str, name: str) -> None:
    assert names.genre_named(written, lexicon()) == name


def test_every_style_is_a_genre_by_its_file_name() -> None:
    for style in ("pop", "rock", "lofi", "house", "synthwave", "hiphop", "jazz", "ambient", "folk", "reggae", "metal"):
        assert lexicon().genres[names.genre_named(style, lexicon())].styles[0] == style


def test_instruments_by_id_name_alias_and_general_word() -> None:
    known = lexicon()
    assert names.instruments_named("electric_piano", load_style("pop"), known) == ("electric_piano",)
    assert names.instruments_named("Rhodes", load_style("pop"), known) == ("electric_piano",)
    assert names.instruments_named("guitar", load_style("metal"), known) == ("distorted_guitar",)
    assert names.instruments_named("vocals", load_style("pop"), known) == ("voice_lead",)
    assert names.excluded_named("drums", known) == ("drums", "percussion")
    assert names.excluded_named("woodwind", known) == ("woodwind",)
    assert names.excluded_named("pad", known) == ("pad",)
    assert names.excluded_named("vocals", known) == names.excluded_named("singer", known) == ("voice",)


def test_a_name_that_is_proposed_is_one_that_is_taken() -> None:
    known = lexicon()
    with pytest.raises(UnknownInstrumentError) as caught:
        names.excluded_named("everythin", known)
    assert "everything" in caught.value.choices
    assert all(names.excluded_named(choice, known) for choice in caught.value.choices)


def test_the_nearest_names_come_first_and_are_few() -> None:
    nearest = names.nearest_names("melancolic", tuple(lexicon().moods))
    assert nearest[0] == "melancholic"
    assert len(nearest) == 8


def test_a_long_unknown_name_is_cut_in_the_message() -> None:
    with pytest.raises(names.UnknownGenreError) as caught:
        names.genre_named("x" * 5000, lexicon())
    assert len(caught.value.message) < 300
    assert caught.value.slug == "unknown-genre"
