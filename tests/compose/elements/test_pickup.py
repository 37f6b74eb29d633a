"""Tests of pickups."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from text2song.compose.elements.motif import cadence, read_rhythm, shaped
from text2song.compose.elements.pickup import led_into
from text2song.compose.elements.theme import Theme, events, read_plan
from text2song.domain.rational import Fraction

BAR = Fraction(4)
RHYTHM = read_rhythm(["4 4 4 4"])
CADENCE = cadence(RHYTHM, (1, 0), BAR, Fraction(1, 2), Fraction(1))
THEME = Theme(
    motifs={"a": shaped(RHYTHM, (0, 1, 2, 1)), "t": CADENCE, "u": CADENCE},
    plan=read_plan("a0 a1 a2 t0"),
    reply=read_plan("a0 a1 a0 u0"),
    bar=BAR,
    breath=Fraction(1, 2),
    breath_bars=4,
    growth=0,
    peaks=False,
    pickup=read_rhythm(["2 2"]),
)


def test_a_pickup_climbs_into_each_phrase_but_the_first() -> None:
    found = led_into(events(THEME, 12, ends_song=False), THEME)
    led = [event for event in found if event.source == "pickup"]
    assert [event.start for event in led] == [15, Fraction(31, 2), 31, Fraction(63, 2)]
    goal = next(event for event in found if event.start == 16)
    assert [event.target for event in led[:2]] == [goal.target - 2, goal.target - 1]
    assert {event.cell for event in led[:2]} == {goal.cell}


def test_there_is_a_breath_before_a_pickup() -> None:
    found = led_into(events(THEME, 8, ends_song=False), THEME)
    assert all(before.start + before.duration <= event.start for before, event in pairwise(found))
    last, first = next((one, two) for one, two in pairwise(found) if two.source == "pickup")
    assert first.start - last.start - last.duration >= THEME.breath


def test_without_room_or_notes_nothing_changes() -> None:
    found = events(THEME, 8, ends_song=False)
    assert led_into(found, replace(THEME, pickup=())) == found
    assert led_into(found, replace(THEME, pickup=read_rhythm(["4 4 4"]))) == found
