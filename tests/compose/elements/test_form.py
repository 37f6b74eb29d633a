"""Tests of fitting a form to a length."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.compose.elements.form import Slot, fit, fit_asked, read_form, whole_bars
from text2song.domain.composition import SectionKind

FORM = read_form("intro:4 verse:8 prechorus:4 chorus:8 verse:8 prechorus:4 chorus:8 bridge:8 chorus:8 outro:4")
KEEP = {"intro": 1.2, "verse": 3.0, "prechorus": 0.6, "chorus": 6.0, "bridge": 0.5, "outro": 2.0}


def text(slots: tuple[Slot, ...]) -> str:
    return " ".join(f"{slot.kind.value}:{slot.bars}" for slot in slots)


def test_a_form_that_fits_is_left_alone() -> None:
    assert fit(FORM, 64, KEEP) == FORM


def test_a_short_song_keeps_its_chorus_and_its_fours() -> None:
    assert text(fit(FORM, 24, KEEP)) == "intro:4 verse:8 chorus:8 outro:4"


def test_a_long_song_repeats_its_cycle() -> None:
    kinds = [slot.kind for slot in fit(FORM, 200, KEEP)]
    assert kinds.count(SectionKind.CHORUS) >= 5
    assert kinds[0] is SectionKind.INTRO
    assert kinds[-1] is SectionKind.OUTRO


def test_sections_of_one_kind_have_one_length() -> None:
    verses = {slot.bars for slot in fit(FORM, 88, KEEP) if slot.kind is SectionKind.VERSE}
    assert len(verses) == 1


@given(st.integers(min_value=1, max_value=500))
def test_every_length_is_met_exactly(bars: int) -> None:
    slots = fit(FORM, bars, KEEP)
    assert sum(slot.bars for slot in slots) == bars
    assert min(slot.bars for slot in slots) >= 1
    uneven = [slot for slot in slots if slot.bars % 4]
    assert len(uneven) <= (1 if bars >= 8 else len(slots))


@given(st.lists(st.sampled_from(list(SectionKind)), min_size=1, max_size=20), st.integers(min_value=20, max_value=400))
def test_sections_asked_for_all_come_in_order(kinds: list[SectionKind], bars: int) -> None:
    slots = fit_asked(kinds, {"intro": 4}, bars)
    assert [slot.kind for slot in slots] == kinds
    assert sum(slot.bars for slot in slots) == bars


@pytest.mark.parametrize(
    ("seconds", "bpm", "bars"), [(60, 100, 24), (120, 120, 60), (62.4, 100, 26), (5, 60, 1), (8, 120, 4)]
)
def test_lengths_prefer_fours(seconds: float, bpm: int, bars: int) -> None:
    assert whole_bars(seconds, Fraction(bpm), Fraction(4)) == bars


@given(
    st.floats(min_value=5, max_value=600),
    st.integers(min_value=30, max_value=300),
    st.sampled_from([Fraction(4), Fraction(3), Fraction(5), Fraction(7, 2)]),
)
def test_length_is_within_one_bar_or_two_percent(seconds: float, bpm: int, bar: Fraction) -> None:
    bars = whole_bars(seconds, Fraction(bpm), bar)
    length = float(bars * bar * 60 / bpm)
    one_bar = float(bar * 60 / bpm)
    assert bars >= 1
    assert abs(length - seconds) <= max(one_bar, 0.02 * seconds) + 1e-3
