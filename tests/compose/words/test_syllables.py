import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.pronunciation import pronounce
from text2song.compose.words.stress import is_vowel
from text2song.compose.words.syllables import line_syllables, phoneme_syllables, word_syllables

DIVIDED = (
    "beau-ti-ful re-mem-bered fire lit-tle dri-ving ne-on me-mo-ries ev-ery to-night high-way ra-di-o si-lence "
    "ho-ri-zon hea-ven bur-ning shi-ning e-lec-tric ci-ty be-lieve a-gain pas-ses wan-ted played o-cean ri-ver ta-ble "
    "qui-et i-de-a on-ly peo-ple mo-ments through mo-ther no-thing re-li-gion spe-cial va-ri-ous sky eyes breathe"
)


@pytest.mark.parametrize("divided", DIVIDED.split())
def test_words_divide_as_singers_divide_them(divided: str) -> None:
    assert "-".join(word_syllables(divided.replace("-", ""))) == divided


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzéüAEIOU'", min_size=1, max_size=20))
def test_no_letter_is_lost_and_no_part_is_empty(word: str) -> None:
    parts = word_syllables(word)
    assert "".join(parts) == word
    assert all(parts)


@pytest.mark.parametrize("line", ["I'm driving through the neon night", "remember the city", "we’re on fire, tonight!"])
def test_words_end_where_they_end(line: str) -> None:
    found = line_syllables(line)
    assert sum(syllable.ends_word for syllable in found) == len(line.split())
    assert found[-1].ends_word


def test_stress_falls_where_english_puts_it() -> None:
    marks = {
        line: "".join("x" if s.stressed else "." for s in line_syllables(line))
        for line in (
            "the neon night",
            "remember me",
            "electric",
            "reality",
            "creation",
            "tonight",
            "driving home",
        )
    }
    assert marks == {
        "the neon night": ".x.x",
        "remember me": ".x..",
        "electric": ".x.",
        "reality": ".x..",
        "creation": ".x.",
        "tonight": ".x",
        "driving home": "x.x",
    }


@pytest.mark.parametrize("line", ["", "…!?", "🎹", "42 7"])
def test_odd_lines_are_safe(line: str) -> None:
    assert all(syllable.text for syllable in line_syllables(line))


@pytest.mark.parametrize(
    ("word", "divided"),
    [
        ("electric", "IH0 | L EH1 K | T R IH0 K"),
        ("singer", "S IH1 NG | ER0"),
        ("instrument", "IH1 N | S T R AH0 | M AH0 N T"),
        ("night", "N AY1 T"),
    ],
)
def test_sounds_divide_before_the_most_that_can_begin_a_syllable(word: str, divided: str) -> None:
    assert " | ".join(" ".join(part) for part in phoneme_syllables(pronounce(word))) == divided


@given(st.text(max_size=60))
def test_every_syllable_of_any_line_has_letters_and_one_vowel(line: str) -> None:
    for syllable in line_syllables(line):
        assert syllable.text
        assert sum(is_vowel(sound) for sound in syllable.phonemes) == 1
