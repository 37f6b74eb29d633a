from itertools import pairwise

import pytest
from tests.audio.voice.songs import line_of

from text2song.audio.voice.line import SungLine, SungSyllable
from text2song.audio.voice.timeline import gaps, phones


def test_vowels_begin_on_the_notes_and_consonants_before_them() -> None:
    line = line_of("S T R IY1 T,L AY1 T S", (60, 62))
    found = phones(line)
    assert [phone.sound.name for phone in found] == ["S", "T", "R", "IY", "T", "L", "AY", "T", "S"]
    vowels = [phone for phone in found if phone.sound.is_vowel]
    assert [vowel.start for vowel in vowels] == pytest.approx([0.75, 1.15])
    assert found[0].start < 0.75
    assert found[-1].end == pytest.approx(line.syllables[-1].end)


def test_sounds_follow_each_other_without_holes_or_overlap() -> None:
    found = phones(line_of("N AY1 T S,S T R EH1 NG K TH S,K R IH0 S P", (60, 62, 64), seconds=0.2))
    for before, after in pairwise(found):
        assert after.start == pytest.approx(before.end, abs=1e-9)
        assert before.end > before.start
        assert before.start <= before.release <= before.end


def test_consonants_are_never_longer_than_in_speech_and_vowels_take_the_rest() -> None:
    found = phones(line_of("M UW1 N", (60,), seconds=3.0))
    for phone in found:
        if phone.sound.is_vowel:
            assert phone.end - phone.start > 2.5
        else:
            assert phone.end - phone.start <= phone.sound.seconds + 1e-9


def test_a_rest_between_syllables_stays_a_rest() -> None:
    line = SungLine("", (SungSyllable(("AA1",), 0.5, 0.8), SungSyllable(("AA1",), 1.5, 2.0)), (), 2.5)
    found = phones(line)
    ((start, end),) = gaps(found)
    assert (start, end) == pytest.approx((0.8, 1.5))
    assert [phone.last for phone in found] == [True, True]


def test_a_syllable_without_a_vowel_is_hummed() -> None:
    assert [phone.sound.name for phone in phones(line_of("S,XX", (60, 60)))] == ["S", "AH", "AH"]
