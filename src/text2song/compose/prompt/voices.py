"""Whether the words ask for singing, by whom, and in which language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from text2song.compose.prompt.lexicon import Lexicon, grammar
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match, used_by
from text2song.compose.prompt.text import phrase
from text2song.compose.prompt.words import Words
from text2song.domain.context import Vocals

#: Nouns after which "instrumental" speaks of a section, not of the song.
_SECTIONS = grammar("sections_called_instrumental")
_VOCAL_NOUNS = grammar("vocal_nouns")
#: Words that name a language and no people or style: they need no "in" before them.
_LANGUAGES = grammar("languages_only")

#: Words for any singing at all, and for the person who writes.
_GENERAL = grammar("any_singing")
_ALONE = grammar("alone_before")
_OWN = grammar("the_writer")

#: What is about something has words.
_SONG_ABOUT = re.compile(
    r"(?<!\S)(?:songs?|ballads?|anthems?|hymns?|shant(?:y|ies)|lullab(?:y|ies)|odes?|serenades?|laments?|raps?|carols?)"
    r"(?: \S+){0,2}? (?:all )?(?:about|dedicated|telling|tells)(?!\S)"
)


def read_vocals(found: Sequence[Match], words: Words, lexicon: Lexicon) -> tuple[Vocals | None, str, list[Match]]:
    """Return (vocals, voice, matches used); None when the words say nothing."""
    qualifiers = {phrase(text) for text in lexicon.words["qualifiers"]["vocal"]}
    wishes: list[tuple[str, Match]] = []
    for name, match in used_by(found, Kind.VOCALS):
        key = tuple(token.text for token in words.tokens[match.span.start : match.span.end])
        alone = words.at(match.span.start - 1) in _ALONE  # "only voices"
        if key in qualifiers and not alone and not _beside_voice(match, words):
            continue
        if name == "none" and words.at(match.span.end) in _SECTIONS:
            continue
        wishes.append((name, match))
    used = [match for _, match in wishes]
    wanted = [(name, match) for name, match in wishes if name != "none" and not match.denied]
    silent = any(name == "none" and not match.denied for name, match in wishes)
    if silent or _silenced(wishes, wanted, words):
        return Vocals.INSTRUMENTAL, "", used
    if not wishes:
        return (Vocals.SUNG if _SONG_ABOUT.search(words.line) else None), "", []
    voices = [name for name, _ in wanted if name != "any"]
    return Vocals.SUNG, _one_voice(voices), used


def _silenced(wishes: Sequence[tuple[str, Match]], wanted: Sequence[tuple[str, Match]], words: Words) -> bool:
    """Whether singing is denied: as such beside nothing but the writer's own voice, or in some manner alone.

    "Male vocals, no rap" denies the rap, "no singing, just rapping" leaves the rapper, and "I'm a singer, no vocals"
    leaves nobody.
    """
    denied = [match for name, match in wishes if match.denied and name != "none"]
    if not denied:
        return False
    others = [match for _, match in wanted if not _is_own(match, words)]
    if any(_is_general(match) and not match.manner for match in denied):
        return all(_is_general(match) for match in others)
    return not others


def _is_general(match: Match) -> bool:
    return match.words.casefold() in _GENERAL


def _is_own(match: Match, words: Words) -> bool:
    """Whether somebody speaks of their own voice: "I'll rap over it", "I'm a singer", "for singers to practise"."""
    before = [words.at(index) for index in range(match.span.start - 4, match.span.start)]
    return any(word in _OWN for word in before) or words.at(match.span.end) in {"here", "practice", "practise"}


def _one_voice(voices: Sequence[str]) -> str:
    """Name who sings: a group before a person, both a woman and a man as a duet, else the first one named."""
    for group in ("child", "choir", "duet"):
        if group in voices:
            return group
    if {"female", "male"} <= set(voices):
        return "duet"
    return voices[0] if voices else ""


def read_language(found: Sequence[Match], words: Words) -> tuple[str, Match] | None:
    """Return the BCP 47 tag of a language named for the singing ("in Spanish", "French lyrics")."""
    for tag, match in used_by(found, Kind.LANGUAGE):
        after = {words.at(match.span.end), words.at(match.span.end + 1)}
        before = words.at(match.span.start - 1)
        plain = words.at(match.span.start) in _LANGUAGES or match.span.end > match.span.start + 1
        beside = before in {"in", "sung"} or after & (_VOCAL_NOUNS | {"language", "words", "duet"})
        if not match.denied and (plain or beside):
            return tag, match
    return None


def _beside_voice(match: Match, words: Words) -> bool:
    near = range(match.span.start - 3, match.span.end + 4)
    return any(words.at(index) in _VOCAL_NOUNS for index in near if not match.span.start <= index < match.span.end)
