"""Keys and metres in words."""

from __future__ import annotations

import pytest
from tests.compose.prompt import figure_wordings as wordings

from text2song.compose.prompt.keys import read_key, read_metre
from text2song.compose.prompt.words import Words
from text2song.domain.theory import Key


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("in A minor", "A minor"),
        ("lofi, a minor, 90 bpm", "A minor"),
        ("key of D", "D major"),
        ("in F#", "F# major"),
        ("Bb major", "Bb major"),
        ("B-flat minor", "Bb minor"),
        ("f sharp minor", "F# minor"),
        ("c#m", "C# minor"),
        ("Key: Gm", "G minor"),
        ("in Am", "A minor"),
        ("D dorian mode", "D dorian"),
        ("E♭ major", "Eb major"),
        ("A harmonic minor", "A harmonic minor"),
        ("garage rock, raw, in A", "A major"),
        ("in the key of e minor", "E minor"),
    ],
)
def test_a_stated_key(prompt: str, name: str) -> None:
    key, _, words = read_key(Words.of(prompt))
    assert key is not None
    assert key.name == name
    assert words


@pytest.mark.parametrize(
    ("prompt", "mode"),
    [("in a minor key", "minor"), ("in major", "major"), ("a dorian groove", "dorian"), ("minor", "minor")],
)
def test_a_mode_alone(prompt: str, mode: str) -> None:
    key, found, _ = read_key(Words.of(prompt))
    assert key is None
    assert found == mode


@pytest.mark.parametrize(
    "prompt", ["I am sad", "a song", "in a hurry", "be happy", "vitamin C", "a 5 piece band", "give me a c"]
)
def test_ordinary_words_are_no_key(prompt: str) -> None:
    key, mode, _ = read_key(Words.of(prompt))
    assert key is None
    assert mode == ""


@pytest.mark.parametrize(
    ("prompt", "name"),
    [("in 3/4", "3/4"), ("6/8 time", "6/8"), ("12/8 slow blues", "12/8"), ("prog in 7", "7/8"), ("in 5/4", "5/4")],
)
def test_a_stated_metre(prompt: str, name: str) -> None:
    found = read_metre(Words.of(prompt))
    assert found is not None
    assert found[0].name == name


@pytest.mark.parametrize("prompt", ["open 24/7", "1/3 of the song", "in 7 days", "3/4/2020"])
def test_other_fractions_are_no_metre(prompt: str) -> None:
    assert read_metre(Words.of(prompt)) is None


@pytest.mark.parametrize(("prompt", "key"), wordings.KEYS)
def test_wordings_of_keys(prompt: str, key: str) -> None:
    found, mode, _ = read_key(Words.of(prompt))
    assert mode == ""
    assert found == Key.parse(key)


@pytest.mark.parametrize("prompt", wordings.NO_KEYS)
def test_letters_and_modes_that_are_no_key(prompt: str) -> None:
    assert read_key(Words.of(prompt)) == (None, "", "")


@pytest.mark.parametrize(
    ("prompt", "counted"),
    [
        ("a balkan dance in 7/8 (3+2+2) with brass", "7/8 (3+2+2)"),
        ("rock, 5/4 (2+3), slow", "5/4 (2+3)"),
        ("7/8 time counted as 3-2-2", "7/8 (3+2+2)"),
        ("folk in 9/8 2+2+2+3", "9/8 (2+2+2+3)"),
        ("7/8 (4+4) rock", "7/8"),
    ],
)
def test_a_metre_with_its_groups(prompt: str, counted: str) -> None:
    found = read_metre(Words.of(prompt))
    assert found is not None
    assert found[0].counted == counted
