from itertools import pairwise

from text2song.audio.voice.alignment import spoken_syllables
from text2song.audio.voice.speech import Phoneme, speak


def _phonemes(*names: str, word: int = 0) -> list[Phoneme]:
    return [Phoneme(name, n * 0.1, (n + 1) * 0.1, word) for n, name in enumerate(names)]


def test_one_syllable_is_onset_vowel_coda() -> None:
    (syllable,) = spoken_syllables(_phonemes("n", "aI", "t"), [1])
    assert [round(time, 1) for time in (syllable.start, syllable.vowel, syllable.coda, syllable.end)] == [
        0,
        0.1,
        0.2,
        0.3,
    ]


def test_a_consonant_between_vowels_opens_the_next_syllable() -> None:
    first, second = spoken_syllables(_phonemes("d", "r", "aI", "v", "I", "N"), [2])
    assert round(first.end, 1) == round(second.start, 1) == 0.3
    assert round(second.vowel, 1) == 0.4


def test_words_keep_their_syllables_whatever_the_counts() -> None:
    phonemes = speak("every beautiful fire", "en-us").phonemes
    for counts in ([2, 3, 1], [3, 3, 2], [1, 1, 1], [4, 4, 4]):
        found = spoken_syllables(phonemes, counts)
        assert len(found) == sum(counts)
        assert all(s.start <= s.vowel <= s.coda <= s.end + 1e-9 for s in found)
        assert all(a.end <= b.start + 1e-9 for a, b in pairwise(found))


def test_silence_has_no_syllables() -> None:
    assert spoken_syllables([], [1, 2]) == []
