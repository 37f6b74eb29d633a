from dataclasses import replace

import pytest
from tests.audio.voice.songs import sung_line

from text2song.audio.voice.phrasing import LEAD_IN, lines_of_vowels, lines_with_words
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role


def test_a_line_has_the_times_of_its_notes_and_their_feel() -> None:
    song = sung_line()
    nudged = tuple(replace(note, nudge_us=20_000) for note in song.parts[0].notes)
    part = replace(song.parts[0], notes=nudged)
    (placed,) = lines_with_words(song, part, late=0.01)
    assert placed.origin == pytest.approx(2.0 + 0.03 - LEAD_IN)
    assert [syllable.start for syllable in placed.line.syllables][:3] == pytest.approx([0.75, 1.0, 1.25])
    assert placed.line.syllables[0].phonemes == ("D", "R", "AY1")
    assert [pitch.pitch for pitch in placed.line.pitches] == [note.pitch for note in nudged]


def test_a_part_with_some_of_the_notes_sings_some_of_the_words() -> None:
    song = sung_line()
    part = replace(song.parts[0], notes=song.parts[0].notes[4:])
    (placed,) = lines_with_words(song, part, late=0.0)
    assert len(placed.line.syllables) == 3
    assert lines_with_words(song, replace(part, notes=()), late=0.0) == []


def test_chords_without_words_become_voices_and_breathe() -> None:
    notes = [Note(Fraction(4 * bar), pitch, Fraction(4), 80) for bar in range(6) for pitch in (60, 64, 67)]
    placed = lines_of_vowels(sung_line(), Part("oohs", Role.VOCAL, "choir", tuple(notes)), "UW1", 0.0)
    # Six bars of two seconds: three voices of two phrases each.
    assert len(placed) == 6
    assert {len({pitch.pitch for pitch in one.line.pitches}) for one in placed} == {1}
    assert all(syllable.phonemes == ("UW1",) for one in placed for syllable in one.line.syllables)


def test_two_parts_with_the_same_notes_drift_apart() -> None:
    song = sung_line()
    first = lines_with_words(song, song.parts[0], 0.0)[0]
    second = lines_with_words(song, replace(song.parts[0], name="double"), 0.0)[0]
    assert first.line.seed != second.line.seed
    assert first.line.syllables == second.line.syllables
