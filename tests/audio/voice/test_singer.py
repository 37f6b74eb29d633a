from dataclasses import replace

import numpy as np
import pytest
import pyworld
from tests.audio.voice.songs import sung_line

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.singer import Singer

FRAMES = 6 * SAMPLE_RATE


@pytest.mark.parametrize(("transpose", "voice"), [(0, "female"), (-14, "male"), (5, "")])
def test_the_melody_is_in_tune(transpose: int, voice: str) -> None:
    song = sung_line(transpose=transpose, voice=voice)
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
    assert np.abs(audio[: int(1.6 * SAMPLE_RATE)]).max() < 1e-3
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
