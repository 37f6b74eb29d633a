from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.setting import Span, set_line
from text2song.compose.words.syllables import WordSyllable, line_syllables
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature

QUARTER = 0.5
METRES = ["4/4", "3/4", "6/8", "7/8", "5/4", "2/4", "12/8"]
LINES = [
    "I'm driving through the neon night",
    "the city lights are burning bright",
    "remember when we sang together",
    "over the mountain and into the valley",
    "a silver river under a velvet sky",
]


def _span(metre: TimeSignature, bars: int = 2) -> Span:
    bar = 4 * metre.bar
    return Span(bar - Fraction(1, 2), bar, bar + bars * metre.bar - 1)


def _accents(metre: TimeSignature, place: Fraction) -> int:
    """The test's own idea of strength: bar, half of an even bar, pulse, eighth."""
    inside = place % metre.bar
    half = metre.bar / 2
    even = metre.numerator in (4, 6, 12, 2) and metre.bar % (2 * metre.pulse) == 0
    return (
        (inside == 0) * 3 + (even and inside == half) * 2 + (inside % metre.pulse == 0) + (inside % Fraction(1, 2) == 0)
    )


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8", "2/4"])
def test_stresses_stand_stronger_than_what_follows(metre: str) -> None:
    signature = TimeSignature.parse(metre)
    right = total = 0
    for line in LINES:
        syllables = line_syllables(line)
        places = [
            start for start, _ in set_line(syllables, _span(signature, 4 if metre != "4/4" else 2), signature, QUARTER)
        ]
        for (one, two), (here, there) in zip(pairwise(syllables), pairwise(places), strict=True):
            if one.stressed and not two.stressed:
                total += 1
                right += _accents(signature, here) > _accents(signature, there)
    assert total > 10
    assert right / total >= 0.9


syllables = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30).map(
    lambda marks: [WordSyllable("la", stressed, ends) for stressed, ends in marks]
)


@given(syllables, st.sampled_from(METRES), st.integers(1, 4), st.floats(0.25, 1.2))
def test_lines_keep_to_their_span_and_their_order(
    words: list[WordSyllable], metre: str, bars: int, quarter: float
) -> None:
    signature = TimeSignature.parse(metre)
    span = _span(signature, bars)
    placed = set_line(words, span, signature, quarter)
    assert len(placed) in (0, len(words))
    for (one, length), (two, _) in pairwise(placed):
        assert one + length <= two
        assert float(two - one) * quarter >= 0.139
    if placed:
        assert placed[0][0] >= span.first
        assert placed[-1][0] + placed[-1][1] <= span.last
        assert all(length > 0 for _, length in placed)


def test_words_move_with_the_tune_where_stress_allows() -> None:
    metre = TimeSignature()
    tune = [Fraction(16) + Fraction(3 * index, 2) for index in range(6)]
    with_tune = without = 0
    for line in LINES[:3]:
        words = line_syllables(line)
        with_tune += sum(start in tune for start, _ in set_line(words, _span(metre), metre, QUARTER, tune))
        without += sum(start in tune for start, _ in set_line(words, _span(metre), metre, QUARTER))
    assert with_tune > without


def test_a_line_ends_on_a_long_note() -> None:
    for line in LINES:
        placed = set_line(line_syllables(line), _span(TimeSignature()), TimeSignature(), QUARTER)
        lengths = [length for _, length in placed]
        assert lengths[-1] >= sum(lengths[:-1]) / len(lengths[:-1])


def test_what_cannot_be_sung_in_time_is_not_sung_at_all() -> None:
    words = [WordSyllable("la", False, True)] * 40
    assert set_line(words, _span(TimeSignature(), 1), TimeSignature(), QUARTER) == []
    assert set_line([], _span(TimeSignature()), TimeSignature(), QUARTER) == []


@pytest.mark.parametrize("quarter", [0.52, 0.55, 0.6])
def test_a_slow_tune_does_not_stretch_the_words(quarter: float) -> None:
    metre = TimeSignature()
    tune = [4 * metre.bar + beat for beat in range(16)]
    stretched = total = 0
    for line in LINES:
        lengths = [length for _, length in set_line(line_syllables(line), _span(metre, 4), metre, quarter, tune)]
        total += len(lengths) - 1
        stretched += sum(float(length) * quarter > 0.5 for length in lengths[:-1])
    assert stretched <= 0.2 * total


def test_a_line_is_sung_to_what_an_earlier_one_of_its_tune_was() -> None:
    metre = TimeSignature()
    bar = 4 * metre.bar
    echo = [bar + Fraction(3 * index, 4) for index in range(9)]
    follows = free = 0
    for line in LINES:
        words = line_syllables(line)
        follows += sum(start in echo for start, _ in set_line(words, _span(metre), metre, 0.7, (), echo))
        free += sum(start in echo for start, _ in set_line(words, _span(metre), metre, 0.7))
    assert follows > free


def test_a_crowded_slow_line_takes_finer_steps_before_it_turns_its_stresses_round() -> None:
    metre = TimeSignature()
    words = line_syllables("coffee going cold again")
    bar = 4 * metre.bar
    span = Span(bar - Fraction(1, 2), bar, bar + 3)
    places = [start for start, _ in set_line(words, span, metre, 60 / 65)]
    wrong = sum(
        one.stressed and not two.stressed and _accents(metre, here) < _accents(metre, there)
        for (one, two), (here, there) in zip(pairwise(words), pairwise(places), strict=True)
    )
    assert len(places) == len(words)
    assert wrong == 0


def test_a_line_comes_to_rest_where_its_tune_does() -> None:
    metre = TimeSignature()
    close = 4 * metre.bar + 5
    rests = free = 0
    for line in LINES:
        words = line_syllables(line)
        rests += set_line(words, _span(metre), metre, QUARTER, [close])[-1][0] == close
        free += set_line(words, _span(metre), metre, QUARTER)[-1][0] == close
    assert rests > free
