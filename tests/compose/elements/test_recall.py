"""Tests of what a returning section keeps."""

from __future__ import annotations

from dataclasses import replace

from text2song.compose.elements.line import Ladder, Place
from text2song.compose.elements.recall import recalling
from text2song.compose.elements.theme import Ending, Event
from text2song.domain.rational import Fraction
from text2song.domain.theory import Chord, Key

LADDER = Ladder(Key(2), 30, 50, (33, 45))
EVENT = Event(Fraction(0), Fraction(1), 0, 0, "motif")
PLACE = Place(Chord(9), 40, 3, long=False, joined=False)
#: First heard on the dominant, 5 steps up.
FIRST = {Fraction(0): (5, Chord(7))}


def recalled(place: Place = PLACE, event: Event = EVENT) -> Place:
    return recalling([place], [event], FIRST, LADDER)[0]


def test_on_the_same_chord_in_any_key_the_note_is_kept() -> None:
    assert recalled().reference == 38


def test_on_another_chord_it_is_leaned_on() -> None:
    found = recalled(replace(PLACE, chord=Chord(2)))
    assert (found.reference, found.echo) == (None, 38)


def test_what_is_told_anew_what_tops_and_what_ends_the_song_is_free() -> None:
    for event in (replace(EVENT, fresh=True), replace(EVENT, peak=True), replace(EVENT, ending=Ending.SONG)):
        assert recalled(event=event) == PLACE
    assert recalled(event=replace(EVENT, start=Fraction(7))) == PLACE
