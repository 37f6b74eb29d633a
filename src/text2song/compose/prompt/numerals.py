"""Spelled numbers as digits: "ninety", "one hundred and twenty", "two and a half", "a minute and a half"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = MappingProxyType({word: value for value, word in enumerate(_UNITS)})
_BIG = MappingProxyType({word: 20 + 10 * index for index, word in enumerate(_TENS)})

_PARTS = (
    (("and", "a", "half"), ".5"),
    (("and", "a", "quarter"), ".25"),
    (("and", "three", "quarters"), ".75"),
    (("and", "three", "quarter"), ".75"),
)


class _Spot(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


SpotT = TypeVar("SpotT", bound=_Spot)


def merged_numerals(tokens: Sequence[SpotT], make: Callable[[str, int, int], SpotT]) -> tuple[SpotT, ...]:
    """Return the tokens with every run of number words replaced by one token of digits."""
    merged: list[SpotT] = []
    position = 0
    while position < len(tokens):
        words = [token.text for token in tokens[position : position + 6]]
        value, used = spelled(words)
        if used:
            last = tokens[position + used - 1]
            merged.append(make(value, tokens[position].start, last.end))
            position += used
        else:
            merged.append(tokens[position])
            position += 1
    return tuple(merged)


def spelled(words: Sequence[str]) -> tuple[str, int]:
    """Read a number at the beginning of `words`; returns its digits and how many words it took, or ("", 0).

    >>> spelled(["one", "hundred", "and", "twenty", "bpm"])
    ('120', 4)
    >>> spelled(["2", "and", "a", "half", "minutes"])
    ('2.5', 4)
    """
    total, used = _hundreds(words)
    if used == 0 and words and words[0].isdigit():
        total, used = int(words[0]), 1
        if not _part(words[1:])[1]:
            return "", 0
    part, more = _part(words[used:]) if used else ("", 0)
    return (f"{total}{part}", used + more) if used else ("", 0)


def _part(words: Sequence[str]) -> tuple[str, int]:
    """Read "and a half", "and a quarter", "and three quarter" after a number, as decimals."""
    for spoken, decimals in _PARTS:
        if tuple(words[: len(spoken)]) == spoken:
            return decimals, len(spoken)
    return "", 0


def _hundreds(words: Sequence[str]) -> tuple[int, int]:
    if list(words[:2]) == ["hundred", "and"]:
        words = ["a", *words]  # "hundred and twenty"
        value, used = _hundreds(words)
        return (value, used - 1) if used > 2 else (0, 0)
    head, used = (1, 1) if list(words[:2]) == ["a", "hundred"] else _below_hundred(words)
    if used and list(words[used : used + 1]) == ["hundred"]:
        used += 1
        skip = 1 if list(words[used : used + 1]) == ["and"] else 0
        rest, more = _below_hundred(words[used + skip :])
        return 100 * head + rest, used + (skip + more if more else 0)
    return head, used


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    if words[0] in _SMALL:
        return _SMALL[words[0]], 1
    if words[0] not in _BIG:
        return 0, 0
    unit = _SMALL.get(words[1], 0) if len(words) > 1 else 0
    return (_BIG[words[0]] + unit, 2) if 0 < unit < 10 else (_BIG[words[0]], 1)
