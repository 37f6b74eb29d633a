from text2song.audio.voice.phonemes import Manner, sound

ARPABET = """AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"""


def test_every_phoneme_of_arpabet_is_known() -> None:
    for name in ARPABET.split():
        found = sound(name)
        assert found is not None, name
        first, second, third = found.formants
        assert 150 < first < second < third < 3300


def test_stress_digits_and_case_do_not_matter_but_weak_vowels_are_neutral() -> None:
    assert sound("ay2") == sound("AY")
    full, weak = sound("AH1"), sound("AH0")
    assert full is not None
    assert weak is not None
    assert abs(weak.formants[0] - 500) < abs(full.formants[0] - 500)


def test_what_is_no_phoneme_is_none() -> None:
    assert sound("XX") is None
    assert sound("") is None


def test_voiceless_consonants_have_no_voice_and_hissing_ones_hiss() -> None:
    for name in ("P", "T", "K", "F", "TH", "S", "SH", "CH", "HH"):
        found = sound(name)
        assert found is not None
        assert found.voice == 0.0
        assert found.level_db is not None or found.breath_db is not None
    stop = sound("T")
    assert stop is not None
    assert stop.manner is Manner.STOP
    assert stop.voice_onset > 0.03
