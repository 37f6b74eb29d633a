from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.metre import strength
from text2song.compose.words.setting import set_line
from text2song.compose.words.syllables import WordSyllable, line_syllables
from text2song.domain.score import Note
from text2song.domain.theory import TimeSignature

METRE = TimeSignature()


def _phrase(*lengths: Fraction | int, start: int = 0) -> list[Note]:
    notes, time = [], Fraction(start)
    for index, length in enumerate(lengths):
        notes.append(Note(time, 60 + index % 5, Fraction(length), 80))
        time += Fraction(length)
    return notes


def test_a_line_that_fits_takes_a_note_each() -> None:
    groups = set_line(_phrase(1, 1, 1, 1), line_syllables("driving home now"), METRE, Fraction(0))
    assert [len(group) for group in groups] == [1, 1, 1, 1]


def test_stressed_syllables_take_the_strong_beats() -> None:
    # Five eighths before a bar line, four syllables: "the ne-on night" must not put "the" on beat one.
    eighth = Fraction(1, 2)
    phrase = _phrase(eighth, eighth, eighth, eighth, 2, start=2)
    groups = set_line(phrase, line_syllables("the neon night"), METRE, Fraction(0))
    stressed = [groups[index][0].start for index in (1, 3)]
    assert all(strength(start, METRE) >= 0.5 for start in stressed)


values = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(4)]
lengths = st.lists(st.sampled_from(values), min_size=1, max_size=16)
syllables = st.lists(st.booleans(), min_size=1, max_size=24).map(
    lambda marks: [WordSyllable("la", mark, True) for mark in marks]
)


@given(lengths, syllables, st.integers(0, 8))
def test_order_pitch_and_time_are_kept(steps: list[Fraction], words: list[WordSyllable], room: int) -> None:
    phrase = _phrase(*steps)
    end = phrase[-1].start + phrase[-1].duration + room
    groups = set_line(phrase, words, METRE, Fraction(room))
    flat = [note for group in groups for note in group]
    assert len(groups) <= len(words)
    assert all(groups)
    assert {note.pitch for note in flat} <= {note.pitch for note in phrase}
    for before, after in pairwise(flat):
        assert before.start + before.duration <= after.start
    assert flat[-1].start + flat[-1].duration <= end
    assert min(note.duration for note in flat) >= Fraction(1, 4)


def test_a_line_too_long_spills_into_the_rest_and_then_is_cut() -> None:
    words = [WordSyllable("la", False, True)] * 20
    assert len(set_line(_phrase(Fraction(1, 2), Fraction(1, 2)), words, METRE, Fraction(2))) == 8
    assert len(set_line(_phrase(4, 4), words, METRE, Fraction(0))) == 20


@pytest.mark.parametrize(("metre", "position"), [("3/4", 3), ("6/8", 3), ("7/8", Fraction(7, 2)), ("5/4", 5)])
def test_bars_are_strong_in_every_metre(metre: str, position: Fraction) -> None:
    assert strength(Fraction(position), TimeSignature.parse(metre)) == 1.0
