from dataclasses import replace
from fractions import Fraction

from text2song.compose.elements.vocal import sung_notes, without_overlap
from text2song.compose.engine import compose
from text2song.domain.request import CompositionRequest
from text2song.domain.score import Note, Part, Role


def _places(*starts: int) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(start), Fraction(1)) for start in starts]


def test_syllables_take_the_pitch_that_sounds_and_end_where_the_tune_rests() -> None:
    song = replace(compose(CompositionRequest("pop, 30 seconds")), harmony=())
    tune = [
        Note(Fraction(0), 60, Fraction(2), 90),
        Note(Fraction(2), 64, Fraction(1), 90),
        Note(Fraction(6), 67, Fraction(1), 90),
    ]
    notes = sung_notes(_places(0, 1, 2, 4), tune, song, Fraction(8))
    assert [note.pitch for note in notes] == [60, 60, 64, 67]
    assert [note.start for note in notes] == [0, 1, 2, 4]


def test_a_moved_note_agrees_with_the_chord_of_a_strong_place() -> None:
    song = compose(CompositionRequest("pop in C major, 30 seconds"))
    span = song.harmony[0]
    outside = next(pitch for pitch in range(60, 72) if pitch % 12 not in span.chord.pitch_classes)
    tune = [Note(span.start - Fraction(1, 2), outside, Fraction(2), 90), Note(span.start + 4, 60, Fraction(1), 90)]
    notes = sung_notes(_places(int(span.start), int(span.start) + 4), tune, song, span.start + 8)
    assert notes[0].pitch % 12 in span.chord.pitch_classes
    assert abs(notes[0].pitch - outside) <= 2


def test_a_lead_is_silent_while_words_are_sung() -> None:
    sung = [Note(Fraction(0), 60, Fraction(2), 90), Note(Fraction(4), 60, Fraction(2), 90)]
    lead = Part("lead", Role.LEAD, "violin", tuple(Note(Fraction(start), 72, Fraction(1), 80) for start in range(8)))
    assert [note.start for note in without_overlap(lead, sung).notes] == [2, 3, 6, 7]
    assert without_overlap(replace(lead, role=Role.PAD), sung).notes == lead.notes
    assert without_overlap(lead, []) == lead
