from dataclasses import replace

import numpy as np
import pytest
import pyworld
from tests.audio.voice.songs import sung_line

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.parametric import OwnVoice
from text2song.audio.voice.singer import Singer
from text2song.audio.voice.speech import VoiceUnavailableError
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role
from text2song.domain.voices import Singing, VocalPlan

FRAMES = 6 * SAMPLE_RATE


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(("transpose", "voice"), [(0, "female"), (-14, "male"), (5, ""), (0, "choir")])
def test_the_melody_is_in_tune(transpose: int, voice: str, known: bool) -> None:
    song = sung_line(transpose=transpose, voice=voice, known=known)
    audio = Singer().render(song, song.parts[0], FRAMES)[:, 0].astype(np.float64)
    f0, times = pyworld.harvest(audio, SAMPLE_RATE)
    errors = []
    for note in song.parts[0].notes:
        start, end = song.tempo.seconds(note.start), song.tempo.seconds(note.start + note.duration)
        heard = f0[(times > start + 0.06) & (times < end - 0.04) & (f0 > 0)]
        if heard.size:
            errors.append(abs(1200 * np.log2(np.median(heard) / (440 * 2 ** ((note.pitch - 69) / 12)))))
    assert len(errors) >= 6
    assert np.median(errors) < 15


def test_the_same_song_gives_the_same_samples() -> None:
    song = sung_line()
    first = Singer().render(song, song.parts[0], FRAMES)
    Singer().render(sung_line(transpose=3, voice="male"), sung_line().parts[0], FRAMES)
    assert np.array_equal(first, Singer().render(song, song.parts[0], FRAMES))


def test_it_sings_where_the_notes_are_and_is_silent_elsewhere() -> None:
    song = sung_line()
    audio = Singer().render(song, song.parts[0], FRAMES)
    assert audio.shape == (FRAMES, 2)
    assert audio.dtype == np.float32
    level = np.sqrt(np.mean(audio[2 * SAMPLE_RATE : 4 * SAMPLE_RATE] ** 2))
    assert level > 0.03
    # A breath is heard before the phrase, far below it, and nothing before that.
    breath = np.abs(audio[: int(1.6 * SAMPLE_RATE)]).max()
    assert 1e-4 < breath < 0.1
    assert np.abs(audio[: int(1.2 * SAMPLE_RATE)]).max() < 1e-4
    assert np.abs(audio[int(5.2 * SAMPLE_RATE) :]).max() < 1e-3


def test_a_song_cut_short_is_safe() -> None:
    song = sung_line()
    assert Singer().render(song, song.parts[0], 3 * SAMPLE_RATE).shape == (3 * SAMPLE_RATE, 2)


def test_only_english_words_set_to_music_are_sung() -> None:
    song = sung_line()
    assert song.lyrics is not None
    assert Singer().can_sing(song)
    assert not Singer().can_sing(replace(song, lyrics=None))
    assert not Singer().can_sing(replace(song, lyrics=replace(song.lyrics, language="fi")))
    bare = replace(song.lyrics.lines[0], syllables=())
    assert not Singer().can_sing(replace(song, lyrics=replace(song.lyrics, lines=(bare,))))


def test_without_any_voice_installed_it_says_so() -> None:
    song = sung_line()
    nobody = Singer(sources=())
    assert not nobody.can_sing(song)
    with pytest.raises(VoiceUnavailableError, match="no voice"):
        nobody.render(song, song.parts[0], FRAMES)


def test_the_own_voice_needs_no_extra_and_the_spoken_one_sings_what_has_no_phonemes() -> None:
    own = Singer(sources=(OwnVoice(),))
    assert own.can_sing(sung_line())
    assert not own.can_sing(sung_line(known=False))
    assert Singer().can_sing(sung_line(known=False))


def test_a_part_with_a_plan_is_sung_by_the_voice_of_the_plan() -> None:
    song = sung_line()
    renders = []
    for voice in ("soprano", "tenor"):
        plan = VocalPlan("vocal", voice, "pop")
        renders.append(Singer().render(replace(song, vocals=(plan,)), song.parts[0], FRAMES))
    assert not np.array_equal(renders[0], renders[1])


def test_a_part_of_vowels_sings_its_chords_without_words() -> None:
    notes = tuple(Note(Fraction(4), pitch, Fraction(4), 80) for pitch in (60, 64, 67))
    song = replace(
        sung_line(),
        parts=(Part("oohs", Role.VOCAL, "choir", notes),),
        vocals=(VocalPlan("oohs", "choir", "choral", Singing.VOWELS),),
    )
    audio = Singer().render(song, song.parts[0], FRAMES)[int(2.5 * SAMPLE_RATE) : int(3.5 * SAMPLE_RATE), 0]
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(audio.size)))
    frequencies = np.fft.rfftfreq(audio.size, 1 / SAMPLE_RATE)
    for pitch in (60, 64, 67):
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        inside = spectrum[np.abs(frequencies - hertz) < 0.03 * hertz].max()
        between = spectrum[np.abs(frequencies - 1.12 * hertz) < 4].max()
        assert inside > 5 * between
