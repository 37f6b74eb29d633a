import pytest

from text2song.audio.voice.colours import USUAL, colour, delivery, delivery_names
from text2song.domain.voices import UnknownVoiceError, voices


def test_every_voice_of_the_catalogue_has_a_colour() -> None:
    for id_ in voices():
        assert colour(id_).id == id_


def test_smaller_singers_have_higher_formants() -> None:
    sizes = [colour(name).size for name in ("baritone", "tenor", "alto", "soprano", "child")]
    assert sizes == sorted(sizes)


def test_formants_above_the_third_rise() -> None:
    for id_ in voices():
        hertz = [frequency for frequency, _ in colour(id_).ring]
        assert hertz == sorted(hertz)
        assert hertz[0] > 2800


def test_deliveries_differ_and_an_unknown_one_is_the_usual() -> None:
    assert len({delivery(name) for name in delivery_names()}) == len(delivery_names())
    assert delivery("polka of 1832") == delivery(USUAL)


def test_genres_sing_as_they_are_known_to() -> None:
    assert delivery("opera").vibrato > delivery("pop").vibrato > delivery("folk").vibrato
    assert delivery("jazz").late > delivery("pop").late
    assert delivery("metal").growl > delivery("pop").growl
    assert delivery("breathy").breath > delivery("rock").breath
    assert delivery("hiphop").speech > 0 == delivery("pop").speech


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(UnknownVoiceError):
        colour("kazoo")
