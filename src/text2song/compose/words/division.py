"""Finds which letters of a word stand for the vowels that are heard, along its sounds."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from text2song.compose.words.stress import is_vowel

#: Letters a consonant may be written with; vowels may be written with any vowel letter.
_WRITTEN = MappingProxyType(
    {
        "B": "b", "CH": "ct", "D": "d", "DH": "t", "F": "fpg", "G": "gx", "HH": "hw", "JH": "jgd", "K": "kcqxh",
        "L": "l", "M": "m", "N": "nkg", "NG": "n", "P": "p", "R": "rw", "S": "scxz", "SH": "sctx", "T": "td",
        "TH": "t", "V": "vf", "W": "wuo", "Y": "yiu", "Z": "zsx", "ZH": "szg",
    }
)  # fmt: skip
_VOWEL_LETTERS = "aeiouyàáâäãåèéêëìíîïòóôöõùúûüýÿæœø"
_SILENT_VOWEL, _SILENT_CONSONANT, _UNWRITTEN, _MISFIT = 1.0, 1.2, 1.5, 6.0


def cuts_along(word: str, sounds: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the span of letters of each syllable's vowel; a vowel that is not written gets an empty span.

    `sounds` holds the ARPAbet sounds of each syllable. Least-cost alignment of letters and sounds.

    >>> cuts_along("rhythm", (("R", "IH1"), ("DH", "AH0", "M")))
    [(2, 3), (5, 5)]
    """
    flat = [sound for syllable in sounds for sound in syllable]
    steps = _aligned(word, flat)
    spans: list[tuple[int, int]] = []
    for index, sound in enumerate(flat):
        if not is_vowel(sound):
            continue
        first, last = steps[index]
        while first < last < len(word) and word[last] in _VOWEL_LETTERS and all(last != step[0] for step in steps):
            last += 1
        spans.append((first, last))
    return spans


def _aligned(word: str, flat: Sequence[str]) -> list[tuple[int, int]]:
    """Return the letters (first, last) of each sound."""
    rows, columns = len(flat) + 1, len(word) + 1
    best = [[float("inf")] * columns for _ in range(rows)]
    move = [[0] * columns for _ in range(rows)]
    best[0][0] = 0.0
    for row in range(rows):
        for column in range(columns):
            for kind, (up, left, cost) in enumerate(_moves(word, flat, row, column)):
                total = best[row - up][column - left] + cost
                if total < best[row][column]:
                    best[row][column], move[row][column] = total, kind
    found: list[tuple[int, int]] = []
    row, column = rows - 1, columns - 1
    while row > 0 or column > 0:
        kind = move[row][column]
        if kind == 0:
            column -= 1
            continue
        found.append((column - (kind == 1), column))
        row, column = row - 1, column - (kind == 1)
    return found[::-1]


def _moves(word: str, flat: Sequence[str], row: int, column: int) -> list[tuple[int, int, float]]:
    """Ways to come to a place of the table: a silent letter, a letter for a sound, a sound without a letter."""
    never = float("inf")
    letter = word[column - 1] if column else ""
    silent = never if not column else _SILENT_VOWEL if letter in _VOWEL_LETTERS else _SILENT_CONSONANT
    sound = flat[row - 1] if row else ""
    pair = never if not (row and column) else _pair_cost(letter, sound)
    unwritten = never if not row else _UNWRITTEN
    return [
        (0, 1 if column else 0, silent),
        (1 if row else 0, 1 if column else 0, pair),
        (1 if row else 0, 0, unwritten),
    ]


def _pair_cost(letter: str, sound: str) -> float:
    if is_vowel(sound):
        return 0.0 if letter in _VOWEL_LETTERS else _MISFIT
    return 0.0 if letter in _WRITTEN.get(sound, "") else _MISFIT
