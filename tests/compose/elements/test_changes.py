from __future__ import annotations

from tests.compose.elements.bands import PLAN, asked, composed

from text2song.compose.elements.changes import Changes
from text2song.domain.rational import Fraction

SONG = composed(asked("jazz", 1, 40), PLAN)
CHANGES = Changes(SONG)


def test_the_chord_of_a_position_spans_it() -> None:
    position = Fraction(0)
    while position < SONG.length:
        span = CHANGES.at(position)
        assert span.start <= position < span.end
        position += Fraction(1, 2)


def test_positions_outside_the_song_meet_its_edges() -> None:
    assert CHANGES.at(Fraction(-1)) == SONG.harmony[0]
    assert CHANGES.at(SONG.length + 9) == SONG.harmony[-1]


def test_the_last_chord_follows_itself() -> None:
    assert CHANGES.after(SONG.harmony[0]) == SONG.harmony[1]
    assert CHANGES.after(SONG.harmony[-1]) == SONG.harmony[-1]


def test_a_stretch_holds_every_chord_it_touches() -> None:
    first, second = SONG.harmony[0], SONG.harmony[1]
    middle = first.start + first.duration / 2
    assert CHANGES.between(middle, second.start + Fraction(1, 4)) == [first, second]
    assert CHANGES.between(middle, second.start) == [first]
