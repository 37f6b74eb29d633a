"""Text as the search index keeps it, and searches as the index answers them: the same on every database.

All tokenising happens here, so that the databases see words separated by spaces and have no say in what a word is:
letters, digits and marks are words; diacritics and case are folded; a Chinese, Japanese or Thai character, and a symbol
such as an emoji, is a word by itself; "lo-fi" is found as "lo", "fi" and "lofi". English words are kept with their stem
(Snowball, Porter 2), so "nights" finds "night".
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Words of one field that are kept, and characters of a word: more than any prompt needs, less than any database bears.
_WORDS, _LETTERS = 4000, 64
#: Parts of a search that are heeded.
_PARTS = 24
#: Characters of a word from which on it also finds words that it begins.
_PREFIX = 2
#: Punctuation that is looked for, as in "C#" and "100%"; what Unicode calls symbols is too.
_SIGNS = "%#@§"
_JOINERS = "-'’&_./+"
_ALONE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff]"
)
_QUOTED = re.compile(r'(?<!\S)(?P<not>-?)(?:"(?P<phrase>[^"]*)"|(?P<plain>[^"\s]+))|(?P<rest>[^"\s]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another; with `prefix` the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A search: one of each alternatives of `every`, and none of `without`; nothing is found when `every` is empty."""

    every: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()


#: No words.
NOTHING = Terms(())


def indexed(text: str) -> str:
    """Return the words of a text, in order, and after them their joined forms and stems.

    >>> indexed("Lo-Fi nights")
    'lo fi nights lofi night'
    """
    words: list[str] = []
    extra: dict[str, None] = {}
    for group in _groups(text):
        words += group.words
        stems = [stem for word in group.words for stem in _stems(word)]
        extra |= dict.fromkeys((*group.joined, *stems))
    return " ".join([*words[:_WORDS], *list(extra)[:_WORDS]])


def sort_key(text: str) -> str:
    """Return a title as it stands in an alphabet: its words, without case and diacritics.

    >>> sort_key("“Äther” No. 2")
    'ather no 2'
    """
    return " ".join(word for group in _groups(text) for word in group.words)[:400]


def parsed(text: str) -> Terms:
    """Return what a person who types `text` looks for; never raises.

    Words are all wanted, the beginnings of words are enough; "quoted words" follow one another, -word is not wanted.

    >>> parsed('neon -"slow rain"').without
    (Term(words=('slow', 'rain'), prefix=False),)
    """
    every: list[tuple[Term, ...]] = []
    without: list[Term] = []
    for part in list(_QUOTED.finditer(text.replace("“", '"').replace("”", '"')))[:_PARTS]:
        phrase = part["phrase"]
        groups = list(_groups(phrase if phrase is not None else part["plain"] or part["rest"] or ""))[:_PARTS]
        if part["not"]:
            without += [Term(group.words) for group in groups] if phrase is None else _whole(groups)
        elif phrase is not None:
            every += [(term,) for term in _whole(groups)]
        else:
            every += [alternatives for group in groups for alternatives in _alternatives(group)]
    if not every:
        # Nothing is left to take away from: "-drums" then looks for drums.
        return Terms(tuple((term,) for term in without))
    return Terms(tuple(every[:_PARTS]), tuple(without))


@dataclass(frozen=True, slots=True)
class _Group:
    """Words that stood together without a space, such as "r&b" or a run of Chinese."""

    words: tuple[str, ...]
    joined: tuple[str, ...] = ()
    #: Whether each word is a character that has no meaning apart from its neighbours.
    characters: bool = False


def _whole(groups: list[_Group]) -> list[Term]:
    words = tuple(word for group in groups for word in group.words)
    return [Term(words)] if words else []


def _alternatives(group: _Group) -> Iterator[tuple[Term, ...]]:
    if group.characters:
        yield (Term(group.words),)
        return
    if group.joined:
        yield Term(group.words, _goes_on(group.words[-1])), *(Term((word,), prefix=True) for word in group.joined)
        return
    for word in group.words:
        stems = [Term((stem,)) for stem in _stems(word)]
        longer = [Term((word,), prefix=True)] if _goes_on(word) else []
        yield Term((word,)), *longer, *stems


def _goes_on(word: str) -> bool:
    return len(word) >= _PREFIX


def _stems(word: str) -> tuple[str, ...]:
    # The stemmer keeps its place in the word in itself, so every call has its own.
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return ()
    # Its thirty languages are loaded at the first word, not by every process that knows the tables.
    stem = importlib.import_module("snowballstemmer").stemmer("english").stemWord(word)
    return () if stem == word else (stem,)


def _groups(text: str) -> Iterator[_Group]:
    """Yield the groups of a text: runs of word characters with single joiners between them, and lone characters."""
    parts: list[str] = []
    glued = False
    for kind, token in _tokens(_folded(text)):
        if kind == "word":
            if not glued:
                yield from _closed(parts)
                parts = []
            parts.append(token)
            glued = False
        elif kind == "joiner":
            glued = bool(parts)
        else:
            yield from _closed(parts)
            parts, glued = [], False
            if kind != "space":
                yield _Group(tuple(token.split()), characters=kind == "characters")
    yield from _closed(parts)


def _closed(parts: list[str]) -> Iterator[_Group]:
    if parts:
        joined = ("".join(parts)[:_LETTERS],) if len(parts) > 1 else ()
        yield _Group(tuple(part[:_LETTERS] for part in parts), joined)


def _folded(text: str) -> str:
    """Return the text in lower case without the diacritics of European scripts."""
    apart = unicodedata.normalize("NFKD", text[:40_000])
    bare = "".join(char for char in apart if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", bare.casefold())


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield ("word" | "joiner" | "characters" | "symbol" | "space", token) in order."""
    run, kind = "", "space"
    for char in text:
        is_a = _kind(char, kind)
        if is_a != kind or is_a in ("joiner", "symbol"):
            if run:
                yield kind, run
            run, kind = "", is_a
        run += {"characters": f"{char} ", "symbol": f"u{ord(char):04x}"}.get(is_a, char)
    if run:
        yield kind, run


def _kind(char: str, before: str) -> str:
    category = unicodedata.category(char)
    if _ALONE.match(char) and category[0] in "LNM":
        return "characters"
    if category[0] in "LN" or (category[0] == "M" and before == "word"):
        return "word"
    if char in _JOINERS:
        return "joiner"
    return "symbol" if category[0] == "S" or char in _SIGNS else "space"
