import pytest

from text2song.domain.instruments import instrument
from text2song.domain.voices import UnknownVoiceError, voice, voices


def test_there_are_at_least_four_voices_and_their_comfort_lies_in_their_range() -> None:
    assert {"soprano", "alto", "tenor", "baritone"} <= set(voices())
    for info in voices().values():
        low, high = info.tessitura
        assert info.low <= low < high <= info.high
        # A tune of an octave and a whole tone has room.
        assert high - low >= 14


def test_the_catalogue_knows_how_low_and_high_we_sing() -> None:
    info = instrument("voice_lead")
    assert info.low <= min(voice.low for voice in voices().values())
    assert info.high >= max(voice.high for voice in voices().values())


def test_voices_go_down_in_order() -> None:
    middles = [sum(voice(name).tessitura) for name in ("soprano", "alto", "tenor", "baritone")]
    assert middles == sorted(middles, reverse=True)


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(UnknownVoiceError, match="kazoo"):
        voice("kazoo")
