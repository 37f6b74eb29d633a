from dataclasses import replace

from text2song.compose.elements.vocal import chord_span, sung_notes, with_climax, without_overlap
from text2song.compose.engine import compose
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
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


def test_a_last_syllable_rests_on_its_phrase_and_leads_nowhere() -> None:
    song = replace(compose(CompositionRequest("pop, 30 seconds")), harmony=())
    tune = [Note(Fraction(0), 60, Fraction(1), 90), Note(Fraction(2), 67, Fraction(1), 90)]
    # The note at 2 belongs to the next line, which begins at 2.
    assert sung_notes([(Fraction(3, 2), Fraction(1, 2))], tune, song, Fraction(2))[0].pitch == 60


def test_a_dissonance_that_lost_its_step_becomes_a_chord_tone() -> None:
    song = compose(CompositionRequest("pop in C major, 30 seconds"))
    span = song.harmony[0]
    root = 60 + (span.chord.root - 60) % 12
    # Root, second, root, fifth: without the third note the second would leap.
    tune = [
        Note(span.start + Fraction(place, 2), pitch, Fraction(1, 2), 90)
        for place, pitch in enumerate((root, root + 2, root, root + 7))
    ]
    whole = sung_notes([(note.start, note.duration) for note in tune], tune, song, span.start + 4)
    assert [note.pitch for note in whole] == [root, root + 2, root, root + 7]
    kept = [tune[0], tune[1], tune[3]]
    cut = sung_notes([(note.start, note.duration) for note in kept], tune, song, span.start + 4)
    assert cut[1].pitch % 12 in span.chord.pitch_classes


def test_the_climax_of_a_goal_is_sung_late_and_within_reach() -> None:
    song = compose(CompositionRequest("pop in C major, 60 seconds"))
    section = next(section for section in song.sections if section.kind is SectionKind.CHORUS)
    start, bar = song.section_start(section), song.time_signature.bar
    late = start + section.bars * bar * Fraction(3, 4)
    chord = chord_span(song, late).chord
    tones = [pitch for pitch in range(60, 74) if pitch % 12 in chord.pitch_classes]
    low, peak = tones[0], tones[2]
    flat = [Note(start + beat, low, Fraction(1), 90) for beat in range(section.bars * 4)]
    tune = [*flat, Note(late, peak, Fraction(1), 90)]
    sung = with_climax(flat, tune, song, section, (low, low + 14))
    top = [note for note in sung if note.pitch == max(one.pitch for one in sung)]
    assert [(note.start, note.pitch) for note in top] == [(late, peak)]
    # Nothing is asked of a singer beyond the compass, and nothing changes where the climax is sung already.
    assert max(note.pitch for note in with_climax(flat, tune, song, section, (low + 1, low + 1))) <= low + 1
    assert with_climax(sung, tune, song, section, (low, low + 14)) == sung
