import numpy as np
import pytest
from tests.evaluation.rules.scores import notes, part, song

from text2song.domain.score import Role
from text2song.domain.theory import Chord, Key
from text2song.evaluation.tonality import measure_key, same_key, written_key

RATE = 44_100


def _chord(chord: Chord, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(int(seconds * RATE)) / RATE
    pitches = [36 + chord.root] + [60 + (pc - 60) % 12 for pc in chord.pitch_classes]
    tone = np.zeros(time.size)
    for pitch in pitches:
        frequency = 440 * 2 ** ((pitch - 69) / 12)
        tone += sum(np.sin(2 * np.pi * frequency * k * time) / k for k in range(1, 6))
    return tone


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_cadence_gives_its_key(tonic: int, mode: str) -> None:
    qualities = ("", "", "", "") if mode == "major" else ("m", "m", "", "m")
    roots = (0, 5, 7, 0)
    chords = [Chord((tonic + root) % 12, quality) for root, quality in zip(roots, qualities, strict=True)]
    sound = np.concatenate([_chord(chord, 1.0) for chord in chords * 2]) * 0.05
    audio = np.stack([sound, sound], axis=1).astype(np.float32)
    assert measure_key(audio, RATE).key == Key(tonic, mode)


def test_silence_has_some_key_and_no_strength() -> None:
    assert measure_key(np.zeros((RATE, 2), np.float32), RATE).strength <= 0.0


def test_the_key_of_written_notes() -> None:
    triads = [
        (bar * 4, 4, pitch)
        for bar in range(16)
        for pitch in ((60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67))[bar % 4]
    ]
    bass = [(bar * 4, 4, (36, 41, 43, 36)[bar % 4]) for bar in range(16)]
    parts = part("chords", Role.CHORDS, "piano", notes(triads)), part("bass", Role.BASS, "finger_bass", notes(bass))
    heard = written_key(song(*parts))
    assert heard.key == Key(0)
    assert same_key(Key(0), heard)
    assert not same_key(Key(6), heard)
    assert not same_key(Key(0, "minor"), heard)


def test_a_song_without_notes_has_no_key_to_miss_by_crashing() -> None:
    assert written_key(song()).strength <= 1.0
