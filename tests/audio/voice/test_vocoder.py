import numpy as np
import pytest

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.speech import Speech, speak
from text2song.audio.voice.vocoder import HOP, PERIOD, Timing, sing


def _line() -> Speech:
    return speak("ah ooh ee", "en-us")


def test_the_pitch_is_the_one_given_and_the_length_too() -> None:
    speech = _line()
    seconds = speech.samples.size / speech.sample_rate
    f0 = np.full(int(seconds / PERIOD), 220.0)
    sound = sing(speech, [Timing(0.0, 0.0), Timing(seconds, seconds)], f0)
    assert sound.size == f0.size * HOP
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    frequencies = np.fft.rfftfreq(sound.size, 1 / SAMPLE_RATE)
    peak = frequencies[np.argmax(spectrum * (frequencies < 300) * (frequencies > 150))]
    assert peak == pytest.approx(220.0, rel=0.005)


def test_stretching_keeps_the_loudness_of_the_voice() -> None:
    speech = _line()
    seconds = speech.samples.size / speech.sample_rate
    levels = []
    for stretch in (1.0, 3.0):
        f0 = np.full(int(stretch * seconds / PERIOD), 180.0)
        sound = sing(speech, [Timing(0.0, 0.0), Timing(stretch * seconds, seconds)], f0)
        levels.append(float(np.sqrt(np.mean(sound**2))))
    assert levels[1] == pytest.approx(levels[0], rel=0.3)


def test_nothing_sounds_outside_the_line() -> None:
    speech = _line()
    f0 = np.full(400, 200.0)
    sound = sing(speech, [Timing(0.5, 0.0), Timing(1.0, 0.5)], f0)
    assert np.abs(sound[: int(0.45 * SAMPLE_RATE)]).max() < 1e-4
    assert np.abs(sound[int(1.1 * SAMPLE_RATE) :]).max() < 1e-4
