import pytest

from text2song.compose.prompt.keynames import in_english
from text2song.compose.prompt.reader import read_prompt
from text2song.domain.request import CompositionRequest


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ein Walzer in Es-Dur", "Eb major"),
        ("Klavierstück in fis-Moll", "F# minor"),
        ("Marsch in h-moll", "B minor"),
        ("Lied in B-Dur", "Bb major"),
        ("ballata in la minore", "A minor"),
        ("valse en si bémol majeur", "Bb major"),
        ("tango en do sostenido menor", "C# minor"),
        ("samba em ré maior", "D major"),
        ("chant, phrygian on E", "E phrygian"),
        ("dorian mode on F#, folk", "F# dorian"),
    ],
)
def test_a_key_in_another_spelling(written: str, key: str) -> None:
    assert key in in_english(written)
    assert read_prompt(CompositionRequest(written)).key.name == key


@pytest.mark.parametrize("written", ["si, la musica minore", "is dur a word", "a minor on duty", "doing major work"])
def test_other_words_stay(written: str) -> None:
    assert in_english(written) == written
