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
_SUNG_BEFORE = grammar("sung_before")
_SUNG_BEHIND = grammar("sung_behind")
_HARMONIES = grammar("sung_harmonies")
_WORDLESS = grammar("wordless_singing")

#: Words for any singing at all, and for the person who writes.
_GENERAL = grammar("any_singing")
_ALONE = grammar("alone_before")
_SOUND = grammar("choir_as_a_sound")
#: Before words for singing, where the writer means their own voice.
_OWN_VERB = re.compile(
    r"(?<!\S)(?:i|we|i'll|i will|i can|we can|i could|i wanna|i want to|i'm gonna|im gonna|i'm going to|me to|us to"
    r"|we'll|ill|gonna|i'd like to|i plan to|i'm|im|can't|cannot|don't)"
    r"(?: (?:also|just|then|really|even|do|be|will|actually))? $"
)
#: "I'll add the vocals later", "vocals will be recorded later".
_ADDING = re.compile(
    r"(?<!\S)(?:i'll|ill|i will|we'll|we will|i'm gonna|gonna|going to|to)(?: \w+)?"
    r" (?:add|record|put|lay|provide|supply|track|write)(?: (?:the|my|our|own|some|down|in))* $"
)
_ADDED = re.compile(
    r"(?:will|to|can|get|gets|are|is)(?: be)? (?:added|recorded|tracked|laid down) (?:later|after\w*|separately|by)"
)
_OWN_TRADE = re.compile(r"(?<!\S)(?:i'm|im|i am|we're|we are|as)(?: an?)?(?: [^\s,.;:!?]+){0,2} $")

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
        if match.denied and match.names(Kind.PRODUCTION):
            continue  # "no autotune" denies the effect, not the singer
        key = tuple(token.text for token in words.tokens[match.span.start : match.span.end])
        alone = {words.at(match.span.start - 1), words.at(match.span.start - 2)} & _ALONE  # "only voices"
        voiceless = match.denied and key == ("voices",)
        if key in qualifiers and not alone and not voiceless and not _beside_voice(match, words):
            continue
        if name == "none" and words.at(match.span.end) in _SECTIONS:
            continue
        if name == "duet" and _is_played(match, found, words):
            continue
        if match.denied or not _is_own(match, words):
            wishes.append((name, match))
    wishes += [("choir", match) for match in found if _is_singing_choir(match, words)]
    used = [match for _, match in wishes]
    wanted = [(name, match) for name, match in wishes if name != "none" and not match.denied]
    silent = [match for name, match in wishes if name == "none" and not match.denied]
    if any(not _leaves_singing(match, wanted) for match in silent) or _silenced(wishes, wanted):
        return Vocals.INSTRUMENTAL, "", used
    if not wishes:
        return (Vocals.SUNG if _SONG_ABOUT.search(words.line) else None), "", []
    voices = [name for name, _ in wanted if name != "any"]
    return Vocals.SUNG, _one_voice(voices), used


def _silenced(wishes: Sequence[tuple[str, Match]], wanted: Sequence[tuple[str, Match]]) -> bool:
    """Whether singing is denied: as such, or in some manner where no other is wished for.

    "Male vocals, no rap" denies the rap, "no singing, just rapping" leaves the rapper.
    """
    denied = [match for name, match in wishes if match.denied and name != "none"]
    if any(_is_general(match) and not match.manner for match in denied):
        return all(_is_general(match) for _, match in wanted)
    return bool(denied) and not wanted


def _is_general(match: Match) -> bool:
    return match.words.casefold() in _GENERAL


def _leaves_singing(match: Match, wanted: Sequence[tuple[str, Match]]) -> bool:
    """ "Wordless choir" and "no words, just humming": what is without words may still be sung."""
    if not match.words.casefold().startswith(("wordless", "no words", "without words")):
        return False
    return any(_WORDLESS & set(phrase(each.words)) or each.span.start == match.span.end for _, each in wanted)


def _is_own(match: Match, words: Words) -> bool:
    """Whether somebody speaks of their own voice: "I'll rap over it", "I'm a singer", "rapper here"."""
    if words.at(match.span.end) in {"here", "practice", "practise"} or words.here(_ADDED, match.span.end):
        return True
    before = words.before(match.span.start)
    if _ADDING.search(before):
        return True
    verb = words.at(match.span.start) in {"sing", "rap", "singing", "rapping", "hum", "freestyle"}
    return bool((_OWN_VERB if verb else _OWN_TRADE).search(before))


def _is_singing_choir(match: Match, words: Words) -> bool:
    """Whether a choir is asked for to sing; a distant one, or a choir's pad, is a sound."""
    if match.denied or match.compared or "choir" not in match.names(Kind.INSTRUMENT) or match.names(Kind.VOCALS):
        return False
    around = {words.at(match.span.start - 1), words.at(match.span.end), *phrase(match.words)}
    return not around & _SOUND


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
        plain = words.at(match.span.start) in _LANGUAGES or match.span.end > match.span.start + 1
        before = words.at(match.span.start - 1)
        stated = before in {":", "is", "are", "="} and words.at(match.span.start - 2) in _SUNG_BEFORE
        beside = before in _SUNG_BEFORE or stated or after & (_VOCAL_NOUNS | _SUNG_BEHIND)
        if not match.denied and (plain or beside):
            return tag, match
    return None


def _is_played(duet: Match, found: Sequence[Match], words: Words) -> bool:
    """ "A flute and harp duet" and "a duet for two cellos" are played."""
    joined = words.at(duet.span.end) in {"for", "of", "between"}
    behind = {duet.span.end + 1, duet.span.end + 2} if joined else set()
    played = [match.span for match in found if match.names(Kind.INSTRUMENT) or match.names(Kind.GENERIC)]
    return any(span.end == duet.span.start or span.start in behind for span in played)


def _beside_voice(match: Match, words: Words) -> bool:
    near = range(match.span.start - 4, match.span.end + 4)
    return any(
        words.at(index) in _VOCAL_NOUNS or (words.at(index) == "harmony" and words.at(index - 1) in _HARMONIES)
        for index in near
        if not match.span.start <= index < match.span.end
    )
