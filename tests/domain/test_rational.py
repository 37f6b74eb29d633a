"""Tests that the quick fraction is Python's own in all that songs need of it."""

from __future__ import annotations

import copy
import fractions
import math
import pickle
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub, truediv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text2song.domain.rational import Fraction

_PAIRS = st.tuples(st.fractions(max_denominator=10_000), st.fractions(max_denominator=10_000))


@given(_PAIRS)
def test_arithmetic_and_order_are_those_of_the_standard_library(pair: tuple[fractions.Fraction, ...]) -> None:
    first, second = pair
    ours = Fraction(first.numerator, first.denominator), Fraction(second.numerator, second.denominator)
    for operation in (add, sub, mul, eq, ne, lt, le, gt, ge, truediv, floordiv, mod):
        if second == 0 and operation in (truediv, floordiv, mod):
            continue
        theirs = operation(first, second)
        # Either side may have come from code that knows Python's own alone.
        for found in (operation(*ours), operation(first, ours[1]), operation(ours[0], second)):
            assert found == theirs
            assert hash(found) == hash(theirs)
            # Nothing falls back to the slow way for good.
            assert not isinstance(found, fractions.Fraction) or type(found) is Fraction


@given(st.fractions(), st.integers(min_value=1, max_value=50))
def test_roundings_and_texts_are_those_of_the_standard_library(value: fractions.Fraction, number: int) -> None:
    ours = Fraction(str(value))
    assert (str(ours), repr(ours), float(ours)) == (str(value), repr(value), float(value))
    assert (round(ours), math.floor(ours), math.ceil(ours), int(ours)) == (
        round(value),
        math.floor(value),
        math.ceil(value),
        int(value),
    )
    assert round(ours, 3) == round(value, 3)
    assert abs(ours) == abs(value)
    assert divmod(ours, number) == divmod(value, number)
    assert ours**2 == value**2
    assert ours.limit_denominator(number) == value.limit_denominator(number)


@pytest.mark.parametrize("value", [0.25, 0.1, 3, "7/8", "1.5"])
def test_it_is_made_of_what_the_standard_library_takes(value: float | str) -> None:
    assert Fraction(value) == fractions.Fraction(value)


def test_it_mixes_with_floats_and_arrays() -> None:
    half = Fraction(1, 2)
    assert half * 0.5 == 0.25
    assert type(half + 1) is type(half)
    assert isinstance(half + 0.5, float)
    assert np.asarray([half, Fraction(1, 4)], np.float64).tolist() == [0.5, 0.25]


def test_it_can_be_kept_and_copied() -> None:
    value = Fraction(-7, 12)
    for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):  # noqa: S301 - our own
        assert other == value
        assert type(other) is Fraction
    with pytest.raises(ZeroDivisionError):
        Fraction(1, 0)


@given(st.fractions(max_denominator=1000), st.integers(-50, 50))
def test_whole_numbers_meet_it_on_either_side(value: fractions.Fraction, number: int) -> None:
    ours = Fraction(value)
    for operation in (add, sub, mul, eq, ne, lt, le, gt, ge):
        assert operation(ours, number) == operation(value, number)
        assert operation(number, ours) == operation(number, value)
    if number:
        for operation in (truediv, floordiv, mod):
            assert operation(ours, number) == operation(value, number)
    if value:
        for operation in (truediv, floordiv, mod):
            assert operation(number, ours) == operation(number, value)


@pytest.mark.parametrize("pair", [(3, -4), (-3, 4), (0, 5), (6, 4), (fractions.Fraction(1, 2), 3)])
def test_it_is_always_in_lowest_terms(pair: tuple[int, int]) -> None:
    ours, theirs = Fraction(*pair), fractions.Fraction(*pair)
    assert (ours.numerator, ours.denominator) == (theirs.numerator, theirs.denominator)
    assert type(ours) is Fraction
    assert (type(ours + 1), type(1 / (ours + 9)), type(-ours), type(abs(ours))) == (Fraction,) * 4


@pytest.mark.parametrize("other", [None, "1", object()])
def test_what_is_no_number_is_refused(other: object) -> None:
    assert Fraction(1) != other
    with pytest.raises(TypeError):
        Fraction(1) < other  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Fraction(1) + other  # type: ignore[operator]
    with pytest.raises(ZeroDivisionError):
        Fraction(1) / 0
    with pytest.raises(ZeroDivisionError):
        Fraction(1) % Fraction(0)
