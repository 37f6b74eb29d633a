"""Tests of Roman numerals."""

from __future__ import annotations

import pytest

from text2song.compose.elements.roman import Function, Roman, UnreadableRomanError
from text2song.domain.theory import Key


@pytest.mark.parametrize(
    ("roman", "key", "symbol"),
    [
        ("I", "C major", "C"),
        ("bVII", "C major", "A#"),
        ("bVI", "A minor", "F"),
        ("i", "A minor", "Am"),
        ("V7", "A minor", "E7"),
        ("ii7", "G major", "Am7"),
        ("IVmaj7", "D major", "Gmaj7"),
        ("ii7b5", "C minor", "Dm7b5"),
        ("vii°", "C major", "Bdim"),
        ("#i°7", "C major", "C#dim7"),
        ("V/vi", "C major", "E"),
        ("V7/ii", "C major", "A7"),
        ("im6", "C minor", "Cm6"),
        ("iadd9", "A minor", "Amadd9"),
        ("I5", "E major", "E5"),
        ("Vsus4", "C major", "Gsus4"),
        ("bii", "C minor", "C#m"),
        ("imaj7", "C minor", "Cmmaj7"),
        ("V/7", "C major", "G/B"),
        ("V7/vi/#5", "C major", "E7/G#"),
        ("bII/4", "A minor", "A#/D"),
        ("IV/1", "C major", "F/C"),
        ("ii7b5/vi", "C major", "Bm7b5"),
        ("bII7/ii", "C major", "D#7"),
        ("V9sus4", "C major", "G9sus4"),
        ("I/1", "C major", "C"),
    ],
)
def test_reads_what_musicians_write(roman: str, key: str, symbol: str) -> None:
    parsed = Roman.parse(roman)
    assert parsed.chord(Key.parse(key)).symbol() == symbol
    assert parsed.text == roman


@pytest.mark.parametrize("text", ["", "H", "I9000", "bbVII", "viiij", "V/x"])
def test_refuses_what_is_no_numeral(text: str) -> None:
    with pytest.raises(UnreadableRomanError):
        _ = Roman.parse(text).semitones


@pytest.mark.parametrize(
    ("roman", "function"), [("I", "tonic"), ("vi", "tonic"), ("ii", "subdominant"), ("bVII", "dominant")]
)
def test_functions(roman: str, function: str) -> None:
    assert Roman.parse(roman).function is Function(function)


def test_an_applied_dominant_presses_on() -> None:
    assert Roman.parse("V/ii").function is Function.DOMINANT
    assert Roman.parse("ii7/V").function is Function.SUBDOMINANT


@pytest.mark.parametrize(
    ("roman", "colour", "key", "text"),
    [
        ("V", "sevenths", "C major", "V7"),
        ("I", "sevenths", "C major", "Imaj7"),
        ("ii", "ninths", "C major", "ii9"),
        ("iii", "ninths", "C major", "iii7"),
        ("i", "fifths", "A minor", "i5"),
        ("V", "fifths", "A minor", "V"),
        ("IV", "add9", "C major", "IVadd9"),
        ("iii", "add9", "C major", "iii"),
        ("V", "sus", "C major", "Vsus4"),
        ("V7", "ninths", "C major", "V7"),
        ("V/vi", "sevenths", "C major", "V/vi"),
        ("V/7", "sevenths", "C major", "V7/7"),
        ("I", "sixths", "C major", "I69"),
        ("IV", "sixths", "C major", "IV6"),
        ("V", "sixths", "C major", "V7"),
        ("i", "sixths", "C dorian", "im6"),
        ("V", "thirteenths", "C major", "V13"),
        ("ii", "thirteenths", "C major", "ii9"),
    ],
)
def test_colours_stay_in_the_key(roman: str, colour: str, key: str, text: str) -> None:
    assert Roman.parse(roman).coloured(colour, Key.parse(key)).text == text
