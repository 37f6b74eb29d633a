import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.numerals import number_words, ordinal_words
from text2song.compose.words.pronunciation import lexicon


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("0", "zero"),
        ("3", "three"),
        ("99", "ninety nine"),
        ("100", "one hundred"),
        ("365", "three hundred sixty five"),
        ("1999", "nineteen ninety nine"),
        ("1905", "nineteen oh five"),
        ("2000", "two thousand"),
        ("2026", "twenty twenty six"),
        ("1800", "eighteen hundred"),
        ("3000", "three thousand"),
        ("1000000", "one million"),
        ("007", "zero zero seven"),
        ("12345678901", "one two three four five six seven eight nine zero one"),
    ],
)
def test_figures_are_read_as_people_read_them(figures: str, words: str) -> None:
    assert " ".join(number_words(figures)) == words


@pytest.mark.parametrize(
    ("figures", "words"), [("1", "first"), ("22", "twenty second"), ("20", "twentieth"), ("12", "twelfth")]
)
def test_ordinals(figures: str, words: str) -> None:
    assert " ".join(ordinal_words(figures)) == words


@given(st.text(alphabet="0123456789", min_size=1, max_size=14))
def test_every_number_is_made_of_words_the_lexicon_has(figures: str) -> None:
    assert set(number_words(figures)) <= set(lexicon())
