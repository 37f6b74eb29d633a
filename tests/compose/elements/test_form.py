"""Tests of fitting a form to a length."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compose.elements.songs import context, structured

from text2song.audio.engine import song_frames
from text2song.compose.elements.form import Limits, Slot, fit, fit_asked, read_form, sounding, whole_bars
from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction

FORM = read_form("intro:4 verse:8 prechorus:4 chorus:8 verse:8 prechorus:4 chorus:8 bridge:8 chorus:8 outro:4")
KEEP = {"intro": 1.2, "verse": 3.0, "prechorus": 0.6, "chorus": 6.0, "bridge": 0.5, "outro": 2.0}

BRIEF = Limits(intro=4, brief=True)


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
    ("seconds", "bpm", "bars"), [(60, 100, 24), (120, 120, 60), (62.4, 100, 25), (5, 60, 1), (8, 120, 4), (60, 102, 25)]
)
def test_lengths_prefer_fours(seconds: float, bpm: int, bars: int) -> None:
    assert whole_bars(seconds, Fraction(bpm), Fraction(4)) == bars


@given(
    st.floats(min_value=5, max_value=600),
    st.integers(min_value=30, max_value=300),
    st.sampled_from([Fraction(4), Fraction(3), Fraction(5), Fraction(7, 2), Fraction(8)]),
)
def test_the_sound_is_within_a_bar_of_the_length_asked_for(seconds: float, bpm: int, bar: Fraction) -> None:
    bars = whole_bars(seconds, Fraction(bpm), bar)
    asked, length = Fraction(seconds), bar * 60 / bpm
    assert bars >= 1
    assert abs(sounding(bars, asked, length) - asked) <= length
    assert abs(bars * length - asked) <= max(length, asked / 50) + Fraction(1, 10_000)


def test_the_ring_out_is_the_one_that_is_heard() -> None:
    song = structured(context("pop", 1, 47.0, bpm=97))
    length = song.time_signature.bar * 60 / song.tempo.bpm
    frames, _ = song_frames(song)
    assert float(sounding(song.bars, Fraction(47), length)) == pytest.approx(frames / 44_100, abs=1e-3)


def test_a_short_song_has_no_long_frame() -> None:
    assert text(fit(FORM, 13, KEEP, BRIEF)) in {"intro:4 verse:4 chorus:5", "verse:4 chorus:9"}
    assert text(fit(FORM, 30, KEEP, BRIEF)) == "intro:4 verse:8 prechorus:4 chorus:8 outro:6"


def test_strains_stay_whole() -> None:
    blues = read_form("intro:4 verse:12 verse:12 solo:12 verse:12 outro:4")
    for bars in (24, 36, 40, 48, 72, 96):
        slots = fit(blues, bars, {"verse": 6.0, "solo": 2.0}, replace(BRIEF, strains={"verse": 12, "solo": 12}))
        assert {slot.bars % 12 for slot in slots if slot.kind in {SectionKind.VERSE, SectionKind.SOLO}} == {0}


def test_a_form_that_opens_with_its_chorus_does_not_sing_it_twice_running() -> None:
    form = read_form("intro:4 chorus:8 verse:8 chorus:8 verse:8 chorus:8 outro:4")
    kinds = [slot.kind for slot in fit(form, 160, KEEP)]
    assert all(before is not after for before, after in pairwise(kinds))


@pytest.mark.parametrize("bpm", range(200, 301, 10))
@pytest.mark.parametrize("bar", ["3/2", "5/2", "3", "7/2", "4"])
@pytest.mark.parametrize("seconds", [20.0, 60.0, 180.0])
def test_quick_bars_are_never_more_than_one_off(bpm: int, bar: str, seconds: float) -> None:
    length = Fraction(bar) * 60 / bpm
    bars = whole_bars(seconds, Fraction(bpm), Fraction(bar))
    assert length >= 1 or abs(bars * length - Fraction(seconds)) <= length
