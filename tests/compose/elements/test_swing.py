from __future__ import annotations

import pytest

from text2song.compose.elements.swing import Swing
from text2song.domain.rational import Fraction
from text2song.domain.theory import TimeSignature


def test_straight_notes_stay() -> None:
    swing = Swing(1.0, Fraction(1, 2), TimeSignature(4, 4), 0.5)
    assert swing.delay_us(Fraction(1, 2)) == 0.0


def test_a_ratio_of_two_puts_the_offbeat_on_the_triplet() -> None:
    swing = Swing(2.0, Fraction(1, 2), TimeSignature(4, 4), 0.6)
    assert swing.delay_us(Fraction(1, 2)) == pytest.approx(0.6e6 / 6)
    assert swing.delay_us(Fraction(0)) == 0.0
    assert swing.delay_us(Fraction(1)) == 0.0


def test_places_between_move_in_proportion_and_keep_their_order() -> None:
    swing = Swing(1.8, Fraction(1, 2), TimeSignature(4, 4), 0.5)
    sounding = [float(Fraction(n, 8)) * 0.5e6 + swing.delay_us(Fraction(n, 8)) for n in range(33)]
    assert sounding == sorted(sounding)
    assert len(set(sounding)) == 33


def test_triplets_and_compound_metres_are_left_alone() -> None:
    assert Swing(2.0, Fraction(1, 2), TimeSignature(4, 4), 0.5).delay_us(Fraction(2, 3)) == 0.0
    assert Swing(2.0, Fraction(1, 2), TimeSignature(6, 8), 0.5).delay_us(Fraction(1, 2)) == 0.0


def test_the_odd_eighth_of_seven_does_not_swing() -> None:
    swing = Swing(1.6, Fraction(1, 2), TimeSignature(7, 8), 0.5)
    assert swing.delay_us(Fraction(1, 2)) > 0
    assert swing.delay_us(Fraction(13, 4)) == 0.0
    assert swing.delay_us(Fraction(7, 2) + Fraction(1, 2)) > 0
