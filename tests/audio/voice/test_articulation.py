import numpy as np
from tests.audio.voice.songs import line_of

from text2song.audio.voice.articulation import COLUMNS, PERIOD, Column, articulate
from text2song.audio.voice.timeline import phones


def _tracks(sounds: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    line = line_of(sounds, (60,) * count)
    return articulate(phones(line), int(line.seconds / PERIOD))


def _at(seconds: float) -> int:
    return round(seconds / PERIOD)


def test_a_held_vowel_has_its_own_formants() -> None:
    tracks = _tracks("IY1", 1)
    assert tracks.shape[1] == COLUMNS
    middle = tracks[_at(0.9)]
    assert abs(middle[Column.F2] - 2270) < 60
    assert middle[Column.VOICE] > 0.95


def test_a_diphthong_glides_late() -> None:
    tracks = _tracks("AY1", 1)
    assert tracks[_at(0.85), Column.F2] < 1300
    assert tracks[_at(1.13), Column.F2] > 1700


def test_the_transition_out_of_a_stop_tells_its_place() -> None:
    starts = {}
    for stop in ("B", "D", "G"):
        tracks = _tracks(f"{stop} AA1", 1)
        starts[stop] = tracks[_at(0.755), Column.F2] - tracks[_at(0.95), Column.F2]
    assert starts["B"] < 0 < starts["D"]
    assert starts["G"] > 0


def test_voiceless_sounds_are_voiceless_and_nothing_sounds_in_rests() -> None:
    tracks = _tracks("S AA1", 1)
    hissing = tracks[_at(0.70)]
    assert hissing[Column.HISS] > 0.1
    assert hissing[Column.VOICE] < 0.05
    assert np.all(tracks[: _at(0.5), : Column.HISS + 1] < 1e-3)
    assert np.all(tracks[_at(1.25) :, : Column.HISS + 1] < 1e-3)


def test_a_velar_burst_follows_the_vowel() -> None:
    front = _tracks("K IY1", 1)[_at(0.70), Column.BANDS]
    back = _tracks("K OW1", 1)[_at(0.70), Column.BANDS]
    assert front > back + 500


def test_an_empty_line_is_silent() -> None:
    assert not articulate([], 10).any()
