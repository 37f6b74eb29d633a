from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text2song.audio.export.notation import DIVISIONS, LENGTHS, Symbol, single_line, written
from text2song.domain.rational import Fraction
from text2song.domain.score import Note
from text2song.domain.theory import TimeSignature

_FOUR = TimeSignature()


def _note(start: Fraction | int, duration: Fraction | int, pitch: int = 60) -> Note:
    return Note(Fraction(start), pitch, Fraction(duration), 90)


def _sounding(page: tuple[Symbol, ...]) -> list[tuple[int, int]]:
    return [(symbol.start, symbol.length) for symbol in page if symbol.pitch is not None]


def test_a_note_over_the_bar_line_is_tied() -> None:
    first, second = written([_note(3, 2)], _FOUR, 2)
    assert [(symbol.pitch, symbol.tied_from, symbol.tied_to) for symbol in first] == [
        (None, False, False),
        (60, False, True),
    ]
    assert (second[0].pitch, second[0].tied_from, second[0].tied_to) == (60, True, False)


def test_a_syncopation_is_cut_at_the_beat() -> None:
    (page,) = written([_note(Fraction(1, 2), 1)], _FOUR, 1)
    assert _sounding(page) == [(12, 12), (24, 12)]


def test_triplets_are_written_as_triplets() -> None:
    line = [_note(Fraction(index, 3), Fraction(1, 3)) for index in range(3)]
    (page,) = written(line, _FOUR, 1)
    assert _sounding(page) == [(0, 8), (8, 8), (16, 8)]
    assert all(LENGTHS[length][2] for _, length in _sounding(page))


def test_short_breaths_are_not_rests() -> None:
    (page,) = written([_note(index, Fraction(9, 10)) for index in range(4)], _FOUR, 1)
    assert _sounding(page) == [(0, 24), (24, 24), (48, 24), (72, 24)]
    assert len(page) == 4


def test_the_highest_of_a_chord_is_the_tune() -> None:
    assert [note.pitch for note in single_line([_note(0, 1, 60), _note(0, 1, 67), _note(1, 1, 64)])] == [67, 64]


def test_an_empty_bar_is_one_rest() -> None:
    (page,) = written([], _FOUR, 1)
    assert page == (Symbol(0, 96, None),)


_NOTES = st.lists(
    st.builds(
        _note,
        st.fractions(min_value=0, max_value=12, max_denominator=12),
        st.fractions(min_value=Fraction(1, 16), max_value=6, max_denominator=16),
        st.integers(40, 90),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(_NOTES, st.sampled_from(["4/4", "3/4", "6/8", "5/4", "7/8"]))
def test_every_bar_is_full_and_every_length_can_be_written(notes: list[Note], metre: str) -> None:
    signature = TimeSignature.parse(metre)
    bar = round(signature.bar * DIVISIONS)
    pages = written(notes, signature, 6)
    for number, page in enumerate(pages):
        now = number * bar
        for symbol in page:
            assert symbol.start == now
            assert symbol.length in LENGTHS
            now += symbol.length
        assert now == (number + 1) * bar


@settings(max_examples=60, deadline=None)
@given(_NOTES)
def test_ties_come_in_pairs(notes: list[Note]) -> None:
    symbols = [symbol for page in written(notes, _FOUR, 5) for symbol in page]
    for before, after in zip(symbols, [*symbols[1:], None], strict=True):
        assert before.tied_to == (after is not None and after.tied_from)
        if after is not None and after.tied_from:
            assert after.pitch == before.pitch


@pytest.mark.parametrize("start", [Fraction(1, 7), Fraction(5, 11), Fraction(2, 9)])
def test_odd_places_come_near(start: Fraction) -> None:
    (page,) = written([_note(start, 1)], _FOUR, 1)
    (first, *_) = _sounding(page)
    assert abs(first[0] - start * DIVISIONS) <= 4
