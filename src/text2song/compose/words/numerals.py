"""Figures as the words a singer says: "3", "42", "1999", "21st"."""

from __future__ import annotations

_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
#: Longer figures are read digit by digit, as telephone numbers are.
_LONGEST = 10


def number_words(figures: str) -> tuple[str, ...]:
    """Return a whole number in words; four figures from 1100 to 2099 are read as a year.

    >>> number_words("42"), number_words("1999"), number_words("2006")
    (('forty', 'two'), ('nineteen', 'ninety', 'nine'), ('two', 'thousand', 'six'))
    """
    if len(figures) > _LONGEST or (len(figures) > 1 and figures.startswith("0")):
        return tuple(_SMALL[int(figure)] for figure in figures)
    number = int(figures)
    if len(figures) == 4 and 1100 <= number <= 2099 and not 2000 <= number <= 2009 and number % 1000:
        tens = number % 100
        rest = ("hundred",) if tens == 0 else ("oh", _SMALL[tens]) if tens < 10 else _counted(tens)
        return (*_counted(number // 100), *rest)
    return _counted(number)


def ordinal_words(figures: str) -> tuple[str, ...]:
    """Return "1" as first, "22" as twenty second; the last word is what a lexicon can be asked for."""
    words = number_words(figures) if len(figures) < 4 else _counted(int(figures[:_LONGEST]))
    irregular = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
    last = words[-1]
    if last in irregular:
        return (*words[:-1], irregular[last])
    ending = {"twelve": "twelfth"}.get(last, last.removesuffix("y") + ("ieth" if last.endswith("y") else "th"))
    return (*words[:-1], ending)


def _counted(number: int) -> tuple[str, ...]:
    if number < 20:
        return (_SMALL[number],)
    if number < 100:
        return (_TENS[number // 10], *_counted(number % 10)) if number % 10 else (_TENS[number // 10],)
    size, name = next((size, name) for size, name in _SCALES if number >= size)
    rest = _counted(number % size) if number % size else ()
    return (*_counted(number // size), name, *rest)
