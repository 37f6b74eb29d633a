"""Tests of themes."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from text2song.compose.elements.motif import cadence, read_rhythm, shaped
from text2song.compose.elements.theme import Ending, Theme, events, read_plan
from text2song.domain.rational import Fraction

BAR = Fraction(4)
RHYTHM = read_rhythm(["4 4 4 4"])
THEME = Theme(
    motifs={
        "a": shaped(RHYTHM, (0, 1, 2, 1)),
        "b": shaped(read_rhythm(["6 2 8"]), (2, 1, 0)),
        "t": cadence(RHYTHM, (1, 0), BAR, Fraction(1), Fraction(1)),
        "u": cadence(RHYTHM, (2, 1, 0), BAR, Fraction(1), Fraction(1)),
    },
    plan=read_plan("a0 a1 b2 t1"),
    reply=read_plan("a0 a1 b2 u0"),
    bar=BAR,
    breath=Fraction(1),
    breath_bars=4,
    growth=0,
    peaks=False,
)


def test_plans_are_letters_and_heights() -> None:
    assert [(cell.letter, cell.height) for cell in read_plan("a0 b-1 r0 t")] == [
        ("a", 0),
        ("b", -1),
        ("r", 0),
        ("t", 0),
    ]


@pytest.mark.parametrize("bars", [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 18, 32])
def test_events_stay_in_the_section_and_in_order(bars: int) -> None:
    found = events(THEME, bars, ends_song=False)
    assert found
    assert all(before.start + before.duration <= event.start for before, event in itertools.pairwise(found))
    assert found[-1].start + found[-1].duration <= bars * BAR


def test_a_question_is_answered() -> None:
    endings = [event.ending for event in events(THEME, 8, ends_song=False) if event.ending]
    assert endings == [Ending.QUESTION, Ending.ANSWER]


def test_a_lone_phrase_answers_itself() -> None:
    assert [event.ending for event in events(THEME, 4, ends_song=False) if event.ending] == [Ending.ANSWER]


@pytest.mark.parametrize("bars", [1, 2, 5, 8, 9, 10])
def test_the_song_ends_in_its_last_bar(bars: int) -> None:
    last = events(THEME, bars, ends_song=True)[-1]
    assert last.ending is Ending.SONG
    assert last.start >= (bars - 1) * BAR


def test_a_sequence_repeats_the_outline_higher() -> None:
    found = events(THEME, 8, ends_song=False)
    first = [event.target for event in found if event.cell == 0]
    second = [event.target for event in found if event.cell == 1]
    assert [target + 1 for target in first] == second


def test_heights_are_centred() -> None:
    found = events(THEME, 8, ends_song=False)
    weighted = sum(float(event.target * event.duration) for event in found)
    assert abs(weighted) <= 0.5 * sum(float(event.duration) for event in found)


def test_a_peak_stands_alone_in_the_last_third() -> None:
    found = events(replace(THEME, peaks=True), 8, ends_song=False)
    peaks = [event for event in found if event.peak]
    top = max(event.target for event in found)
    assert peaks == [event for event in found if event.target == top]
    assert all(event.start >= Fraction(64, 3) for event in peaks)


def test_long_phrases_breathe_in_the_middle() -> None:
    found = events(replace(THEME, breath_bars=2), 4, ends_song=False)
    second_bar = [event for event in found if event.cell == 1]
    assert second_bar[-1].start + second_bar[-1].duration == 2 * BAR - 1


def test_growth_raises_the_second_pair() -> None:
    grown = events(replace(THEME, growth=2), 16, ends_song=False)
    first = next(event.target for event in grown if event.cell == 0)
    third = next(event.target for event in grown if event.cell == 8)
    assert third - first == 2


def test_a_goal_grows_upward_from_where_a_short_one_stands() -> None:
    theme = replace(THEME, growth=1, peaks=True)
    short, long = events(theme, 8, ends_song=False), events(theme, 16, ends_song=False)
    assert [event.target for event in long[:8]] == [event.target for event in short[:8]]
    assert next(event for event in long if event.cell == 8).target == short[0].target + 1


def test_a_solo_quotes_the_hook_then_climbs_and_quickens() -> None:
    hook = shaped(read_rhythm(["8 8"]), (0, 3))
    solo = replace(THEME, motifs={**THEME.motifs, "q": hook}, builds=True)
    found = events(solo, 16, ends_song=False)
    phrases = [[event for event in found if event.start // (4 * BAR) == number] for number in range(4)]
    first = [(event.start, event.duration) for event in phrases[0] if event.cell == 0]
    assert first == [(tone.offset, tone.duration) for tone in hook]
    means = [sum(event.target for event in phrase) / len(phrase) for phrase in phrases]
    assert means[0] < means[1] < means[2]
    assert len(phrases[0]) < len(phrases[1]) < len(phrases[3])
