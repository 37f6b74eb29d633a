from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import symusic
from tests.audio.songs import small_song

from text2song.audio.export.midi import TICKS, fifths_of, midi_bytes
from text2song.domain.composition import KeyChange, UnifiedComposition
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.theory import Key, TimeSignature


def _score(composition: UnifiedComposition, folder: Path, *, feel: bool = True) -> Any:
    path = folder / "song.mid"
    path.write_bytes(midi_bytes(composition, feel=feel))
    return symusic.Score(str(path))


def _with_notes(*notes: Note) -> UnifiedComposition:
    return replace(small_song(), parts=(Part("lead", Role.LEAD, "flute", notes),))


def test_another_program_reads_the_song(tmp_path: Path) -> None:
    score = _score(small_song(), tmp_path)
    assert score.ticks_per_quarter == TICKS
    assert [(mark.time, mark.text) for mark in score.markers] == [(0, "verse.1"), (8 * TICKS, "chorus.1")]
    assert score.tempos[0].qpm == pytest.approx(120.0)
    assert (score.time_signatures[0].numerator, score.time_signatures[0].denominator) == (4, 4)
    assert (score.key_signatures[0].key, score.key_signatures[0].tonality) == (0, 1)
    played = {track.name: track for track in score.tracks if len(track.notes)}
    assert list(played) == ["drums", "bass", "chords", "vocal"]
    assert played["drums"].is_drum
    assert played["bass"].program == 33
    assert len(played["chords"].notes) == 12


def test_notes_are_on_the_grid_or_where_they_are_played(tmp_path: Path) -> None:
    song = _with_notes(Note(Fraction(1, 3), 60, Fraction(1, 2), 90, nudge_us=25_000))
    (grid,) = _score(song, tmp_path, feel=False).tracks[0].notes
    assert (grid.time, grid.duration, grid.pitch, grid.velocity) == (320, 480, 60, 90)
    (played,) = _score(song, tmp_path).tracks[0].notes
    # 25 ms at 120 bpm is a twentieth of a quarter.
    assert played.time == 320 + TICKS // 20


def test_a_repeated_key_ends_the_note_before(tmp_path: Path) -> None:
    song = _with_notes(Note(Fraction(0), 60, Fraction(4), 90), Note(Fraction(1), 60, Fraction(1), 90))
    first, second = _score(song, tmp_path).tracks[0].notes
    assert (first.time, first.duration) == (0, TICKS)
    assert (second.time, second.duration) == (TICKS, TICKS)


def test_words_are_lyric_events() -> None:
    content = midi_bytes(small_song())
    for word in (b"Hold ", b"the ", b"morn-", b"ing "):
        assert b"\xff\x05" + bytes([len(word)]) + word in content


def test_the_tempo_map(tmp_path: Path) -> None:
    song = replace(small_song(), tempo=TempoMap(((Fraction(0), Fraction(100)), (Fraction(8), Fraction(90)))))
    tempos = _score(song, tmp_path).tempos
    assert [(tempo.time, round(tempo.qpm, 2)) for tempo in tempos] == [(0, 100.0), (8 * TICKS, 90.0)]


@pytest.mark.parametrize("metre", ["3/4", "6/8", "7/8", "5/4"])
def test_metres(tmp_path: Path, metre: str) -> None:
    signature = TimeSignature.parse(metre)
    found = _score(small_song(4, time_signature=signature), tmp_path).time_signatures[0]
    assert (found.numerator, found.denominator) == (signature.numerator, signature.denominator)


@pytest.mark.parametrize(
    ("key", "fifths"),
    [("C major", 0), ("G major", 1), ("F# major", 6), ("D minor", -1), ("Eb minor", -6), ("Bb dorian", -4), ("B", 5)],
)
def test_key_signatures(key: str, fifths: int) -> None:
    assert fifths_of(Key.parse(key)) == fifths


def test_more_parts_than_channels(tmp_path: Path) -> None:
    line = (Note(Fraction(0), 60, Fraction(1), 90),)
    parts = tuple(Part(f"part{index}", Role.LEAD, "flute", line) for index in range(20))
    score = _score(replace(small_song(), parts=parts), tmp_path)
    assert sum(len(track.notes) for track in score.tracks) == 20
    assert not any(track.is_drum for track in score.tracks if len(track.notes))


def test_the_same_bytes_each_time() -> None:
    assert midi_bytes(small_song()) == midi_bytes(small_song())


def test_a_modulation_is_a_key_signature_where_it_begins(tmp_path: Path) -> None:
    song = small_song()
    moved = replace(song, keys=(KeyChange(song.time_signature.bar, Key.parse("Eb major")),))
    signatures = list(_score(moved, tmp_path).key_signatures)
    assert [(signature.time, signature.key) for signature in signatures][1:] == [(song.time_signature.bar * TICKS, -3)]
