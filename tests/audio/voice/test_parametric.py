import numpy as np
import pytest
import pyworld
from tests.audio.voice.songs import line_of

from text2song.audio.instrument import SAMPLE_RATE
from text2song.audio.voice.colours import colour, delivery, delivery_names
from text2song.audio.voice.parametric import OwnVoice, sing_line
from text2song.domain.voices import voice, voices

SONG = "D R AY1,V IH0 NG,TH R UW1,DH AH0,N IY1,AA0 N,L AY1 T"
STEPS = (0, 4, 5, 2, 7, 4, 0)


@pytest.mark.parametrize("name", sorted(voices()))
def test_every_voice_sings_in_tune_in_its_own_register(name: str) -> None:
    low = voice(name).tessitura[0]
    line = line_of(SONG, tuple(low + step for step in STEPS))
    sound = OwnVoice().sing(line, colour(name), delivery("pop"), 0.0)
    f0, times = pyworld.harvest(sound, SAMPLE_RATE)
    errors = []
    for pitch in line.pitches:
        heard = f0[(times > pitch.start + 0.1) & (times < pitch.end - 0.1) & (f0 > 0)]
        if heard.size:
            errors.append(abs(1200 * np.log2(np.median(heard) / (440 * 2 ** ((pitch.pitch - 69) / 12)))))
    assert len(errors) >= 6
    assert np.median(errors) < 15


@pytest.mark.parametrize("manner", delivery_names())
def test_every_delivery_gives_finite_sound_of_a_like_level(manner: str) -> None:
    sound = sing_line(line_of(SONG, tuple(57 + step for step in STEPS)), colour("tenor"), delivery(manner))
    assert np.isfinite(sound).all()
    loud = sound[np.abs(sound) > 1e-4]
    assert 0.03 < float(np.sqrt(np.mean(loud**2))) < 0.5
    assert np.abs(sound).max() < 2.5


def test_vowels_are_sung_alike_loud() -> None:
    levels = []
    for vowel in ("IY1", "EH1", "AA1", "OW1", "UW1"):
        sound = sing_line(line_of(vowel, (57,), seconds=1.0), colour("alto"), delivery("pop"))
        levels.append(20 * np.log10(np.std(sound[int(0.9 * SAMPLE_RATE) : int(1.5 * SAMPLE_RATE)])))
    assert max(levels) - min(levels) < 9


def test_no_click_where_the_line_begins_or_ends() -> None:
    sound = sing_line(line_of("AA1", (60,), seconds=1.0), colour("alto"), delivery("pop"))
    assert np.abs(sound[:200]).max() < 1e-3
    assert np.abs(sound[-200:]).max() < 1e-3
    jumps = np.abs(np.diff(sound))
    quiet = jumps[: int(0.74 * SAMPLE_RATE)].max()
    assert quiet < 0.3 * jumps.max()


def test_unknown_pronunciations_are_left_to_others() -> None:
    assert OwnVoice().can_sing(line_of("AA1,IY1", (60, 60)))
    assert not OwnVoice().can_sing(line_of("AA1,", (60, 60)))
