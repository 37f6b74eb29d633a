"""Tests of call and response."""

from __future__ import annotations

from fractions import Fraction

from text2song.compose.decisions import Decisions
from text2song.compose.elements.answer import answers
from text2song.compose.elements.motif import read_rhythm, shaped
from text2song.domain.composition import Section, SectionKind
from text2song.domain.score import Note

HOOK = shaped(read_rhythm(["2 2 4 8"]), (0, 1, 2, 1))
SECTION = Section("chorus.1", SectionKind.CHORUS, 0, 4, 1.0)
SPAN = (Fraction(0), Fraction(16))


def tune(*starts: float) -> list[Note]:
    return [Note(Fraction(start), 60, Fraction(1, 2), 80) for start in starts]


def test_an_answer_fills_a_rest_and_never_meets_the_call() -> None:
    call = tune(0, 0.5, 1, 1.5, 8, 8.5, 9, 9.5)
    replies = answers(call, SPAN, HOOK, SECTION, Decisions(0))
    assert replies
    starts = {note.start for note in call}
    for reply in replies:
        assert len(reply) > 1
        assert all(event.start not in starts for event in reply)
        assert not any(reply[0].start <= start < reply[-1].start + reply[-1].duration for start in starts)


def test_a_tune_without_rests_is_not_answered() -> None:
    assert answers(tune(*(place / 2 for place in range(32))), SPAN, HOOK, SECTION, Decisions(0)) == ()


def test_quiet_sections_are_answered_less() -> None:
    quiet = Section("verse.1", SectionKind.VERSE, 0, 4, 0.0)
    call = tune(*(8 * place for place in range(20)))
    span = (Fraction(0), Fraction(160))
    many = len(answers(call, span, HOOK, SECTION, Decisions(1)))
    few = len(answers(call, span, HOOK, quiet, Decisions(1)))
    assert 0 < few < many
