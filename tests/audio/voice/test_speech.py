import time

import numpy as np
import pytest

from text2song.audio.voice.speech import VoiceUnavailableError, speak


def test_every_sound_has_a_word_and_a_time() -> None:
    speech = speak("Driving through the neon night", "en-us")
    assert {phoneme.word for phoneme in speech.phonemes} == {0, 1, 2, 3, 4}
    assert all(phoneme.start < phoneme.end for phoneme in speech.phonemes)
    vowels = [phoneme.word for phoneme in speech.phonemes if phoneme.is_vowel]
    assert vowels == [0, 0, 1, 2, 3, 3, 4]
    assert speech.phonemes[-1].end <= speech.samples.size / speech.sample_rate


@pytest.mark.parametrize("voice", ["en-us", "en-us+Annie"])
def test_a_line_sounds_the_same_after_any_other_and_at_any_time(voice: str) -> None:
    first = speak("over the hills", voice)
    speak("something else entirely", "en-us+f3")
    # Some variants of espeak-ng change with the second they start in; the two in use must not.
    time.sleep(1.1)
    assert np.array_equal(first.samples, speak("over the hills", voice).samples)


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(VoiceUnavailableError):
        speak("hello", "xx-nobody")


@pytest.mark.parametrize("text", ["", "…", "🎹", "12,345", "a" * 300])
def test_odd_lines_are_spoken_or_silent(text: str) -> None:
    assert speak(text, "en-us").sample_rate == 22_050
