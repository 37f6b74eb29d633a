"""In which language words are written: by their script, and by the short words that every sentence has."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: What Unicode calls the letters of a script, and the language written in it most.
_SCRIPTS = MappingProxyType(
    {
        "CYRILLIC": "ru",
        "GREEK": "el",
        "HIRAGANA": "ja",
        "KATAKANA": "ja",
        "HANGUL": "ko",
        "CJK": "zh",
        "ARABIC": "ar",
        "HEBREW": "he",
        "DEVANAGARI": "hi",
        "THAI": "th",
        "LATIN": "",
    }
)
#: A language must show this many of its short words, and more of them than the one it is told from does.
_LEAST = 2


def detect_language(text: str, fallback: str = "en") -> str:
    """Return the BCP 47 tag of the language of `text`; `fallback` where nothing speaks against it, "und" if unknown.

    >>> detect_language("Je suis dans la nuit avec toi"), detect_language("la la la, oh oh")
    ('fr', 'en')
    >>> detect_language("you and me in the morning", fallback="de")
    'en'
    """
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    if not scripts:
        return fallback
    if "HIRAGANA" in scripts or "KATAKANA" in scripts:
        return "ja"
    script, _ = min(scripts.items(), key=lambda item: (-item[1], item[0]))
    if script != "LATIN":
        return "uk" if script == "CYRILLIC" and set(text.lower()) & set("іїєґ") else _SCRIPTS.get(script, "und")
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    scores = {tag: sum(word in known for word in words) for tag, known in _stopwords().items()}
    english = scores.pop("en")
    best = min(scores, key=lambda tag: (-scores[tag], tag))
    kinds = len({word for word in words if word in _stopwords()[best]})
    if kinds >= _LEAST and scores[best] > 1.2 * english:
        return best
    # Words in plain English are English, whatever language the song was asked for in.
    spoken = len({word for word in words if word in _stopwords()["en"]})
    own = scores.get(fallback, 0)
    return "en" if spoken >= _LEAST and english > 1.2 * own else fallback


def language_name(tag: str) -> str:
    """Return the English name of a language: "Spanish"; the tag itself where it has none here."""
    return str(_table()["names"].get(tag.split("-", maxsplit=1)[0], tag))


def is_english(tag: str) -> bool:
    """Whether a BCP 47 tag is English, of whatever country."""
    return tag.split("-", maxsplit=1)[0] == "en"


def _script(letter: str) -> str:
    return unicodedata.name(letter, "LATIN").split()[0]


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("text2song.compose.words").joinpath("languages.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def _stopwords() -> Mapping[str, frozenset[str]]:
    return MappingProxyType({tag: frozenset(words.split()) for tag, words in _table()["stopwords"].items()})
