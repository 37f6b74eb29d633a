"""English words as ARPAbet sounds: a lexicon of our own, words made from its words, and rules for all others."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from text2song.compose.words.inflection import derived
from text2song.compose.words.letters import letter_sounds
from text2song.compose.words.numerals import number_words, ordinal_words
from text2song.compose.words.stress import is_vowel, with_stress

_TOKEN = re.compile(r"(?P<figures>\d+)(?P<ordinal>st|nd|rd|th)?(?![^\W\d_])|['’]?[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|\d+")
_FILES = ("common.toml", "longer.toml")
#: Latin letters that no accent mark can be taken from.
_FOLDED = MappingProxyType(
    {"ø": "o", "æ": "e", "œ": "e", "ß": "ss", "ð": "th", "þ": "th", "ł": "l", "đ": "d", "ı": "i"}
)
#: The names of the letters, for initialisms ("DJ", "USA").
_LETTER_NAMES = MappingProxyType(
    {
        letter: tuple(sounds.split())
        for letter, sounds in zip(
            "abcdefghijklmnopqrstuvwxyz",
            [
                "EY1",
                "B IY1",
                "S IY1",
                "D IY1",
                "IY1",
                "EH1 F",
                "JH IY1",
                "EY1 CH",
                "AY1",
                "JH EY1",
                "K EY1",
                "EH1 L",
                "EH1 M",
                "EH1 N",
                "OW1",
                "P IY1",
                "K Y UW1",
                "AA1 R",
                "EH1 S",
                "T IY1",
                "Y UW1",
                "V IY1",
                "D AH1 B AH0 L Y UW0",
                "EH1 K S",
                "W AY1",
                "Z IY1",
            ],
            strict=True,
        )
    }
)
_INITIALS_MOST = 5
#: What the stem of an unknown word must look like: a vowel, then consonants with or without a silent e.
_WHOLE = re.compile(r"[aeiouy][bcdfgklmnprstvz]e$|[aeiouy](?:[lr]|ck|sh|ch|st|nt|nd|rt|rd|pt|ct)$")


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word of a line: as it is shown, and its sounds, vowels with a stress digit."""

    text: str
    phonemes: tuple[str, ...]


def spoken_words(line: str) -> tuple[SpokenWord, ...]:
    """Return the words of a line; figures are spelled out, signs and pictures are silent.

    >>> [word.text for word in spoken_words("Summer of '69!")]
    ['Summer', 'of', 'sixty', 'nine']
    """
    found: list[SpokenWord] = []
    for match in _TOKEN.finditer(line):
        if match[0].isdigit() or match["figures"]:
            found.extend(SpokenWord(word, pronounce(word)) for word in _figures(match))
            continue
        text = match[0]
        shouted = line == line.upper()
        sounds = _initials(text) if text.isupper() and len(text) > 1 and not shouted else None
        found.append(SpokenWord(_lettered(text) if sounds else text, sounds or pronounce(text)))
    return tuple(word for word in found if word.phonemes)


def pronounce(word: str) -> tuple[str, ...]:
    """Return the sounds of one English word; empty only where it has no Latin letter.

    >>> " ".join(pronounce("moonlight"))
    'M UW1 N L AY2 T'
    """
    return _pronounced(_plain(word))


def lexicon() -> Mapping[str, tuple[str, ...]]:
    """Return the words whose sounds are written down, in small letters."""
    return _lexicon()


@lru_cache(maxsize=20_000)
def _pronounced(word: str) -> tuple[str, ...]:
    made = _made(word) or _made(word.strip("'"))
    return made or _by_rule(word)


@lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, ...] | None:
    found = _lexicon().get(word)
    return _by_rule(word) if found is None and word in _bases() else found


@lru_cache(maxsize=20_000)
def _made(word: str) -> tuple[str, ...] | None:
    """The sounds of a word known, or made from a known one in any number of steps: "hope-ful-ly"."""
    return _known(word) or derived(word, _known) or derived(word, _made, inner=True)


def _by_rule(word: str) -> tuple[str, ...]:
    bare = "".join(letter for letter in word if "a" <= letter <= "z")
    if not bare:
        return ()
    plain = derived(bare, _stem_by_rule, inner=True)
    if plain:
        return plain
    sounds = with_stress(bare, letter_sounds(bare))
    if any(is_vowel(sound) for sound in sounds):
        return sounds
    # "Shh", "brr", "TV": nothing to sing on; short ones are spelled, long ones hummed.
    if len(bare) <= 3 and bare not in ("shh", "sh", "brr", "grr", "pst", "hmm", "mmm", "zzz"):
        return _spelled(bare)
    return (*sounds[:1], "AH1", *sounds[1:])


def _stem_by_rule(stem: str) -> tuple[str, ...] | None:
    """The sounds of an unknown word before an ending, where it looks like a whole word: "amuse-ment"."""
    whole = len(stem) > 3 and _WHOLE.search(stem)
    return with_stress(stem, letter_sounds(stem)) if whole else None


def _plain(word: str) -> str:
    lower = word.lower().replace("’", "'")
    decomposed = unicodedata.normalize("NFD", "".join(_FOLDED.get(letter, letter) for letter in lower))
    return "".join(letter for letter in decomposed if letter == "'" or (letter.isalpha() and letter.isascii()))


def _figures(match: re.Match[str]) -> tuple[str, ...]:
    figures = "".join(str(unicodedata.digit(figure)) for figure in match["figures"] or match[0])
    return ordinal_words(figures) if match["ordinal"] else number_words(figures)


def _initials(text: str) -> tuple[str, ...] | None:
    """Spell capitals that are no word in the lexicon, or cannot be said: "DJ", "USA", "TV"."""
    bare = _plain(text).strip("'")
    named = all(letter in _LETTER_NAMES for letter in bare)
    if not named or not 2 <= len(bare) <= _INITIALS_MOST or _known(bare) or _made(bare):
        return None
    sayable = re.search(r"[bcdfghjklmnpqrstvwxz][aeiou][bcdfghjklmnpqrstvwxz]", bare) and len(bare) > 3
    return None if sayable else _spelled(bare)


def _lettered(text: str) -> str:
    """Initials as they are shown: the one letter whose name has three syllables is written out."""
    return text.replace("W", "Double-u")


def _spelled(letters: str) -> tuple[str, ...]:
    """The names of letters one after the other, the main stress on the last."""
    sounds = [sound for letter in letters for sound in _LETTER_NAMES[letter]]
    last = max(index for index, sound in enumerate(sounds) if sound.endswith("1"))
    return tuple(sound.replace("1", "2") if index != last else sound for index, sound in enumerate(sounds))


@cache
def _bases() -> frozenset[str]:
    text = resources.files("text2song.compose.words").joinpath("lexicon", "bases.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["words"].split())


@cache
def _lexicon() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    folder = resources.files("text2song.compose.words").joinpath("lexicon")
    for name in _FILES:
        text = tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))["words"]
        for entry in re.split(r"[;\n]", text):
            word, *sounds = entry.split() or [""]
            if word:
                found[word] = tuple(f"{sound}0" if is_vowel(sound) and len(sound) == 2 else sound for sound in sounds)
    return MappingProxyType(found)
