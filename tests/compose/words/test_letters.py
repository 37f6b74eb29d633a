import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compose.words.sounds import CONSONANTS

from text2song.compose.words.letters import letter_sounds, spelling_table
from text2song.compose.words.stress import VOWELS

CASES = {
    "bright": "B R AY T",
    "shake": "SH EY K",
    "paper": "P EY P ER",
    "station": "S T EY SH AH N",
    "knight": "N AY T",
    "phrases": "F R EY Z AH Z",
    "wrench": "R EH N CH",
    "quest": "K W EH S T",
    "bottle": "B AA T AH L",
    "joker": "JH OW K ER",
}


@pytest.mark.parametrize("word", CASES)
def test_spelling_tells_the_sounds(word: str) -> None:
    assert " ".join(letter_sounds(word)) == CASES[word]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=25))
def test_every_word_gives_known_sounds(word: str) -> None:
    assert set(letter_sounds(word)) <= {*VOWELS, *CONSONANTS}


def test_every_letter_has_a_rule_that_always_fits() -> None:
    for letter, text in spelling_table()["rules"].items():
        assert text.split("\n")[-2].startswith(f"/{letter}/ ="), letter
