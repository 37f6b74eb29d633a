import pytest

from text2song.compose.words.letters import letter_sounds
from text2song.compose.words.stress import is_vowel, with_stress

# Nonsense words, so that only the rules can know them; the stressed syllable counted from 0.
CASES = {
    "blandation": 1,
    "brimosity": 1,
    "plandeer": 1,
    "frolic": 0,
    "sardonic": 1,
    "tremology": 1,
    "gandify": 0,
    "bandical": 0,
    "derane": 1,
    "lapper": 0,
    "romanda": 1,
    "gasimal": 0,
}


@pytest.mark.parametrize("word", CASES)
def test_endings_and_weight_place_the_stress(word: str) -> None:
    vowels = [sound for sound in with_stress(word, letter_sounds(word)) if is_vowel(sound)]
    assert [sound[-1] for sound in vowels].index("1") == CASES[word]
    assert sum(sound.endswith("1") for sound in vowels) == 1


def test_vowels_without_stress_weaken() -> None:
    assert with_stress("tomanda", ["T", "AA", "M", "AE", "N", "D", "AE"])[1::2][0] == "AH0"
    assert with_stress("x", ["K", "S"]) == ("K", "S")
