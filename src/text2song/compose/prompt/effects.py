"""Effects of production that the words ask for or deny: "dusty", "drenched in reverb", "no reverb", "80s"."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.prompt.cues import words_of
from text2song.compose.prompt.lexicon import Lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match, used_by
from text2song.compose.prompt.words import Words

#: What is played instead of an instrument whose effect is denied.
_CLEAN = "clean_guitar"
#: So many letters of an id tell the effect: "distort", "overdri".
_STEM = 7


def read_production(found: Sequence[Match], words: Words, lexicon: Lexicon) -> tuple[tuple[str, ...], list[Match]]:
    """Return the production words and the matches used: effects, decades, and what artists and weak genres imply.

    A denied effect is what it asks for instead: "no reverb" for "reverberant". What the engine has nothing for, asked
    for or denied, is left out, so that it is said as not understood.
    """
    unheard = set(lexicon.words["unheard"]["production"])
    named: list[tuple[str, Match]] = []
    for name, match in used_by(found, Kind.PRODUCTION):
        if match.denied:
            table = "lessened_production" if _is_lessened(match, words) else "denied_production"
            named += [(instead, match) for instead in lexicon.words[table].get(name, ())[:1]]
        elif name not in unheard:
            named.append((name, match))
    named += [(name, match) for name, match in used_by(found, Kind.ERA) if not match.denied]
    artists = [lexicon.artists[name].era for name, match in used_by(found, Kind.ARTIST) if not match.denied]
    genres = [name for name, match in used_by(found, Kind.GENRE) if not match.denied and not match.compared]
    weak = [name for name in genres if lexicon.genres[name].weak]
    names = dict.fromkeys([*(name for name, _ in named), *filter(None, artists), *weak])
    return tuple(names), [match for _, match in named]


def without_effects(
    wished: Sequence[str], found: Sequence[Match], words: Words, lexicon: Lexicon
) -> tuple[list[str], list[str]]:
    """Return the instrument ids wished for, and those that a denied effect silences: no distorted guitar.

    What is named outright stays; a guitar that only the style distorts is a clean one.
    """
    denied = [
        name for name, match in used_by(found, Kind.PRODUCTION) if match.denied and not _is_lessened(match, words)
    ]
    table = lexicon.words["denied_production"]
    silent = list(dict.fromkeys(id_ for name in denied for id_ in table.get(name, ())[1:]))
    # "Heavy guitars, but not distorted" names no effect; "distorted guitar" does.
    named = [(name, match) for name, match in used_by(found, Kind.INSTRUMENT) if not match.denied]
    outright = {name for name, match in named if name[:_STEM] in match.words.casefold()}
    cleaned = [_CLEAN if id_ in silent and id_ not in outright else id_ for id_ in wished]
    return list(dict.fromkeys(cleaned)), [id_ for id_ in silent if id_ not in cleaned]


def _is_lessened(match: Match, words: Words) -> bool:
    """ "Not too much reverb" has some."""
    return any(words.at(match.span.start - back) in words_of("undo", "degrees") for back in (1, 2))
