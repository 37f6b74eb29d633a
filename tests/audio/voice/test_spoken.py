import numpy as np
from tests.audio.voice.songs import line_of, sung_line

from text2song.audio.voice.colours import colour, delivery
from text2song.audio.voice.phrasing import lines_with_words
from text2song.audio.voice.speech import Speech, speak
from text2song.audio.voice.spoken import SpokenVoice, speaking_programs


def test_a_spoken_line_is_sung_at_the_level_of_other_voices_and_the_same_twice() -> None:
    song = sung_line(known=False)
    (placed,) = lines_with_words(song, song.parts[0], 0.0)
    voice = speaking_programs()[-1]
    assert voice.can_sing(placed.line)
    first = voice.sing(placed.line, colour("alto"), delivery("pop"), 0.0)
    assert np.array_equal(first, voice.sing(placed.line, colour("alto"), delivery("pop"), 0.0))
    loud = first[np.abs(first) > 1e-6]
    assert abs(float(np.sqrt(np.mean(loud**2))) - 0.1) < 0.01


def test_without_words_there_is_nothing_to_speak() -> None:
    assert not speaking_programs()[-1].can_sing(line_of("AA1", (60,)))


def test_a_program_that_is_missing_sings_nothing() -> None:
    song = sung_line(known=False)
    (placed,) = lines_with_words(song, song.parts[0], 0.0)
    missing = SpokenVoice("nobody", lambda: False, speak)
    assert not missing.can_sing(placed.line)


def test_high_singers_take_the_higher_voice_of_a_program() -> None:
    song = sung_line(known=False)
    (placed,) = lines_with_words(song, song.parts[0], 0.0)
    asked: list[str] = []

    def spoken(text: str, voice: str) -> Speech:
        asked.append(voice)
        return speak(text, "en-us")

    program = SpokenVoice("two voices", lambda: True, spoken, ("high", "low"), words=False)
    for name in ("soprano", "baritone"):
        assert np.abs(program.sing(placed.line, colour(name), delivery("pop"), 0.0)).max() > 0.01
    assert asked == ["high", "low"]
