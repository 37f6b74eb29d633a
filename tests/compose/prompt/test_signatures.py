"""Keys by the count of their accidentals."""

from __future__ import annotations

import pytest

from text2song.compose.prompt.signatures import read_signature
from text2song.compose.prompt.words import Words
from text2song.domain.theory import Key


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("three sharps (major)", "A major"),
        ("waltz, two flats, minor", "G minor"),
        ("a minor key with four flats", "F minor"),
        ("key signature of one sharp", "G major"),
        ("no sharps or flats, minor", "A minor"),
        ("seven flats major", "Cb major"),
        ("six sharps, major key", "F# major"),
    ],
)
def test_a_signature_is_a_key(prompt: str, key: str) -> None:
    found = read_signature(Words.of(prompt))
    assert found is not None
    assert found[0].tonic == Key.parse(key).tonic
    assert found[0].mode == Key.parse(key).mode


@pytest.mark.parametrize("prompt", ["two flats above the pub", "8 flats minor", "2 flats in major cities", "no flats"])
def test_other_flats_are_no_key(prompt: str) -> None:
    assert read_signature(Words.of(prompt)) is None
