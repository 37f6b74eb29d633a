from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.words.slots import line_slots, returning_slots, spans
from text2song.domain.rational import Fraction


def test_four_lines_share_eight_bars() -> None:
    slots = line_slots([8, 8, 8, 8], 8, 2.0)
    assert [(slot.line, int(slot.bar), int(slot.bars)) for slot in slots] == [
        (0, 0, 2),
        (1, 2, 2),
        (2, 4, 2),
        (3, 6, 2),
    ]


def test_a_short_stanza_is_sung_again_and_a_verse_need_not_be() -> None:
    assert [slot.line for slot in line_slots([6, 6], 8, 2.0)] == [0, 1, 0, 1]
    assert [slot.line for slot in line_slots([6, 6], 8, 2.0, again=False)] == [0, 1]


def test_more_lines_than_fit_are_left_out_at_the_end() -> None:
    slots = line_slots([8] * 500, 8, 2.0)
    assert 5 <= len(slots) <= 9
    assert [slot.line for slot in slots] == list(range(len(slots)))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40), st.integers(1, 32), st.floats(0.8, 5.0))
def test_slots_cover_the_section_in_order(counts: list[int], bars: int, seconds: float) -> None:
    slots = line_slots(counts, bars, seconds)
    assert slots
    assert slots[0].bar == 0
    assert all(one.bar + one.bars == two.bar for one, two in pairwise(slots))
    assert slots[-1].bar + slots[-1].bars == bars


@pytest.mark.parametrize("quarter", [0.3, 0.5, 1.0])
def test_there_is_a_breath_between_lines(quarter: float) -> None:
    found = spans(line_slots([7, 9, 7, 9], 8, 4 * quarter), Fraction(16), Fraction(4), quarter)
    assert found[0].first == 16
    for one, two in pairwise(found):
        assert float(two.first - one.last) * quarter >= 0.35
        assert two.first <= two.bar


def test_nothing_to_place_is_nothing() -> None:
    assert line_slots([], 8, 2.0) == ()
    assert line_slots([4], 0, 2.0) == ()


def test_what_comes_back_longer_is_sung_as_it_was_before() -> None:
    first = line_slots([8, 7, 8, 7], 8, 2.0)
    twice = returning_slots([8, 7, 8, 7], 16, 8, 2.0)
    assert twice[:4] == first
    assert [(slot.line, slot.bar - 8, slot.bars) for slot in twice[4:]] == [
        (slot.line, slot.bar, slot.bars) for slot in first
    ]
    # Half as much again: the last lines once more.
    assert [(slot.line, int(slot.bar)) for slot in returning_slots([8, 7, 8, 7], 12, 8, 2.0)] == [
        (0, 0), (1, 2), (2, 4), (3, 6), (2, 8), (3, 10),
    ]  # fmt: skip


def test_lines_too_many_for_the_shorter_time_take_the_longer_one() -> None:
    counts = [9] * 12
    assert returning_slots(counts, 16, 4, 2.0) == line_slots(counts, 16, 2.0)
    assert returning_slots([8, 7], 8, 8, 2.0) == line_slots([8, 7], 8, 2.0)


def test_no_line_runs_across_the_close_of_a_phrase() -> None:
    for bars in (8, 12, 16, 20):
        for counts in ([8, 7, 8, 7], [4, 9, 5, 9], [12, 3, 3, 12, 3, 3]):
            for slot in line_slots(counts, bars, 2.0):
                first, end = slot.bar, slot.bar + slot.bars
                assert first % 4 == 0 or end % 4 == 0 or first // 4 == end // 4, (bars, counts)


def test_the_last_line_of_a_cell_has_the_room_of_the_last_of_all() -> None:
    short = spans(line_slots([8, 7], 4, 2.0), Fraction(0), Fraction(4), 0.5, 4)
    twice = spans(returning_slots([8, 7], 8, 4, 2.0), Fraction(0), Fraction(4), 0.5, 4)
    assert twice[: len(short)] == short


@pytest.mark.parametrize("quarter", [0.3, 1.0, 2.0])
def test_lines_in_places_shorter_than_half_a_bar_do_not_pile_up_behind_the_section(quarter: float) -> None:
    bar = Fraction(11, 2)
    slots = line_slots([1], 1, float(bar) * quarter)
    found = spans(slots, Fraction(0), bar, quarter)
    assert len(found) == len(slots)
    assert all(span.last <= bar for span in found)
