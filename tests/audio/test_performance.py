from __future__ import annotations

from dataclasses import replace

import pytest
from tests.audio.songs import small_song

from text2song.audio.performance import performed_notes, variation_of
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap


def _part(*notes: Note) -> Part:
    return Part("lead", Role.LEAD, "flute", notes)


def test_seconds_and_feel() -> None:
    (note,) = performed_notes(_part(Note(Fraction(3), 60, Fraction(1, 2), 80, nudge_us=12_000)), small_song())
    assert note.onset == pytest.approx(1.512)
    assert note.duration == pytest.approx(0.25)
    assert (note.pitch, note.velocity) == (60, 80)


def test_a_tempo_change_inside_a_note() -> None:
    slower = replace(small_song(), tempo=TempoMap(((Fraction(0), Fraction(120)), (Fraction(2), Fraction(60)))))
    (note,) = performed_notes(_part(Note(Fraction(1), 60, Fraction(2), 80)), slower)
    assert note.duration == pytest.approx(0.5 + 1.0)


def test_nothing_sounds_before_the_song() -> None:
    (note,) = performed_notes(_part(Note(Fraction(0), 60, Fraction(1), 80, nudge_us=-9000)), small_song())
    assert note.onset == 0.0


def test_notes_come_in_the_order_they_sound() -> None:
    late = Note(Fraction(1), 60, Fraction(1), 80, nudge_us=30_000)
    early = Note(Fraction(1), 64, Fraction(1), 80, nudge_us=-30_000)
    assert [note.pitch for note in performed_notes(_part(late, early), small_song())] == [64, 60]


def test_variation_depends_on_place_and_pitch_alone() -> None:
    note = Note(Fraction(5, 2), 60, Fraction(1), 80)
    assert variation_of(note) == variation_of(Note(Fraction(5, 2), 60, Fraction(1, 4), 20, nudge_us=500))
    assert variation_of(note) != variation_of(Note(Fraction(3), 60, Fraction(1), 80))


def test_variations_of_a_hat_line_are_spread_evenly() -> None:
    numbers = [variation_of(Note(Fraction(step, 2), 42, Fraction(1, 4), 80)) % 4 for step in range(400)]
    assert min(numbers.count(value) for value in range(4)) > 60
    assert 0 <= min(numbers) <= max(numbers) <= 65_535
