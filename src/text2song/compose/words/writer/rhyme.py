"""Rhyme by sound: two words rhyme when they sound alike from their last stressed vowel on."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.words.pronunciation import spoken_words
from text2song.compose.words.stress import is_vowel


def rhyme_key(line: str) -> str:
    """Return what the last word of a line must share with another to rhyme, "" without a word.

    >>> rhyme_key("all through the night") == rhyme_key("in the fading light")
    True
    """
    words = spoken_words(line)
    return tail_key(words[-1].phonemes) if words else ""


def tail_key(phonemes: Sequence[str]) -> str:
    """Return the sounds from the last stressed vowel on, without digits.

    >>> tail_key(("B", "IH0", "L", "OW1"))
    'OW'
    """
    marked = [index for index, sound in enumerate(phonemes) if sound[-1] in "12"]
    vowels = [index for index, sound in enumerate(phonemes) if is_vowel(sound)]
    first = (marked or vowels or [0])[-1]
    return " ".join(sound.rstrip("012") for sound in phonemes[first:])


def rhymes(one: str, two: str) -> bool:
    """Whether two lines rhyme: the same sounds, by different last words or the same whole line."""
    last = [spoken_words(line)[-1].text.lower() if spoken_words(line) else "" for line in (one, two)]
    return rhyme_key(one) == rhyme_key(two) != "" and (last[0] != last[1] or one == two)
