"""The number of musical time: exact fractions whose everyday arithmetic takes the short way.

Composing adds and compares fractions more than it does anything else, and the standard library's ask every operand what
kind of number it is. Here two fractions, or a fraction and a whole number, meet without questions; everything else
(floats, texts, other rationals) goes to the standard library, whose values, hashes and texts these have.
"""

from __future__ import annotations

import fractions
import operator
import typing
from functools import lru_cache
from math import gcd

__all__ = ["Fraction"]

if typing.TYPE_CHECKING:
    from fractions import Fraction
else:
    _Plain = fractions.Fraction
    _new = object.__new__

    class Fraction(fractions.Fraction):
        """A fraction in lowest terms; see `fractions.Fraction`."""

        __slots__ = ()

        numerator = property(operator.attrgetter("_numerator"))
        denominator = property(operator.attrgetter("_denominator"))

        def __new__(cls, numerator=0, denominator=None):
            """Take what `fractions.Fraction` takes."""
            kind = type(numerator)
            if kind is int:
                if denominator is None:
                    value = _new(Fraction)
                    value._numerator, value._denominator = numerator, 1
                    return value
                if type(denominator) is int and denominator > 0:
                    common = gcd(numerator, denominator)
                    value = _new(Fraction)
                    value._numerator, value._denominator = numerator // common, denominator // common
                    return value
            elif kind is Fraction and denominator is None:
                return numerator
            return _ours(_Plain(numerator, denominator))

        def __reduce__(self):
            return Fraction, (self._numerator, self._denominator)

        def __copy__(self):
            return self

        def __deepcopy__(self, memo):
            return self

        def __hash__(self):
            return _hash(self._numerator, self._denominator)

        def __bool__(self):
            return self._numerator != 0

        def __float__(self):
            return self._numerator / self._denominator

        def __neg__(self):
            return _made(-self._numerator, self._denominator)

        def __abs__(self):
            return _made(abs(self._numerator), self._denominator)

        def __floor__(self):
            return self._numerator // self._denominator

        def __round__(self, digits=None):
            if digits is not None:
                return _ours(_Plain.__round__(self, digits))
            floor, rest = divmod(self._numerator, self._denominator)
            twice = 2 * rest
            # Halves go to the even side.
            return floor + (twice > self._denominator or (twice == self._denominator and floor % 2))

        def __eq__(self, other):
            kind = type(other)
            if kind is Fraction:
                return self._numerator == other._numerator and self._denominator == other._denominator
            if kind is int:
                return self._numerator == other and self._denominator == 1
            return _Plain.__eq__(self, other)

        def __lt__(self, other):
            kind = type(other)
            if kind is Fraction:
                return self._numerator * other._denominator < other._numerator * self._denominator
            if kind is int:
                return self._numerator < other * self._denominator
            return _Plain.__lt__(self, other)

        def __le__(self, other):
            kind = type(other)
            if kind is Fraction:
                return self._numerator * other._denominator <= other._numerator * self._denominator
            if kind is int:
                return self._numerator <= other * self._denominator
            return _Plain.__le__(self, other)

        def __gt__(self, other):
            kind = type(other)
            if kind is Fraction:
                return self._numerator * other._denominator > other._numerator * self._denominator
            if kind is int:
                return self._numerator > other * self._denominator
            return _Plain.__gt__(self, other)

        def __ge__(self, other):
            kind = type(other)
            if kind is Fraction:
                return self._numerator * other._denominator >= other._numerator * self._denominator
            if kind is int:
                return self._numerator >= other * self._denominator
            return _Plain.__ge__(self, other)

        def __add__(self, other):
            kind = type(other)
            if kind is Fraction:
                above, below, more, under = self._numerator, self._denominator, other._numerator, other._denominator
                if below == under:
                    return _made(above + more, 1) if below == 1 else _reduced(above + more, below)
                return _reduced(above * under + more * below, below * under)
            if kind is int:
                return _made(self._numerator + other * self._denominator, self._denominator)
            return _ours(_Plain.__add__(self, other))

        def __radd__(self, other):
            if type(other) is int:
                return _made(self._numerator + other * self._denominator, self._denominator)
            return _ours(_Plain.__radd__(self, other))

        def __sub__(self, other):
            kind = type(other)
            if kind is Fraction:
                above, below, less, under = self._numerator, self._denominator, other._numerator, other._denominator
                if below == under:
                    return _made(above - less, 1) if below == 1 else _reduced(above - less, below)
                return _reduced(above * under - less * below, below * under)
            if kind is int:
                return _made(self._numerator - other * self._denominator, self._denominator)
            return _ours(_Plain.__sub__(self, other))

        def __rsub__(self, other):
            if type(other) is int:
                return _made(other * self._denominator - self._numerator, self._denominator)
            return _ours(_Plain.__rsub__(self, other))

        def __mul__(self, other):
            kind = type(other)
            if kind is Fraction:
                return _reduced(self._numerator * other._numerator, self._denominator * other._denominator)
            if kind is int:
                return _reduced(self._numerator * other, self._denominator)
            return _ours(_Plain.__mul__(self, other))

        def __rmul__(self, other):
            if type(other) is int:
                return _reduced(self._numerator * other, self._denominator)
            return _ours(_Plain.__rmul__(self, other))

        def __truediv__(self, other):
            kind = type(other)
            if kind is Fraction and other._numerator > 0:
                return _reduced(self._numerator * other._denominator, self._denominator * other._numerator)
            if kind is int and other > 0:
                return _reduced(self._numerator, self._denominator * other)
            return _ours(_Plain.__truediv__(self, other))

        def __rtruediv__(self, other):
            return _ours(_Plain.__rtruediv__(self, other))

        def __floordiv__(self, other):
            kind = type(other)
            if kind is Fraction:
                return (self._numerator * other._denominator) // (self._denominator * other._numerator)
            if kind is int:
                return self._numerator // (self._denominator * other)
            return _Plain.__floordiv__(self, other)

        def __mod__(self, other):
            kind = type(other)
            if kind is Fraction:
                below, under = self._denominator, other._denominator
                return _reduced((self._numerator * under) % (other._numerator * below), below * under)
            if kind is int:
                return _reduced(self._numerator % (other * self._denominator), self._denominator)
            return _ours(_Plain.__mod__(self, other))

        def __rmod__(self, other):
            return _ours(_Plain.__rmod__(self, other))

        def __divmod__(self, other):
            whole, rest = _Plain.__divmod__(self, other)
            return whole, _ours(rest)

        def __pow__(self, other):
            return _ours(_Plain.__pow__(self, other))

        def limit_denominator(self, most=1_000_000):
            """Return the nearest fraction whose denominator is at most `most`."""
            return _ours(_Plain.limit_denominator(self, most))

    def _made(numerator, denominator):
        value = _new(Fraction)
        value._numerator, value._denominator = numerator, denominator
        return value

    def _reduced(numerator, denominator):
        """Return a fraction over a denominator above zero."""
        common = gcd(numerator, denominator)
        value = _new(Fraction)
        value._numerator, value._denominator = numerator // common, denominator // common
        return value

    def _ours(value):
        """Return what the standard library gave, a fraction of its own as one of ours."""
        return _made(value._numerator, value._denominator) if type(value) is _Plain else value

    @lru_cache(maxsize=1 << 16)
    def _hash(numerator, denominator):
        return _Plain.__hash__(_made(numerator, denominator))
