"""Instruments asked for alone: "solo piano", "nothing but strings", "guitar and voice only"."""

from __future__ import annotations

from collections.abc import Sequence

from text2song.compose.prompt.cues import cues, words_of
from text2song.compose.prompt.lexicon import grammar, lexicon
from text2song.compose.prompt.lexicon_rows import Kind
from text2song.compose.prompt.matching import Match
from text2song.compose.prompt.words import Span, Words
from text2song.domain.instruments import catalogue

#: Families that one drum part draws on.
_BEATEN = frozenset({"drums", "percussion"})
_STOPS = grammar("stop_denials")
_ADJECTIVES = 3
_BACK = 12
#: "An a cappella intro" is of a moment.
_PARTS = grammar("sections_called_instrumental")
#: The music that has voices and nothing else.
_UNACCOMPANIED = "a cappella"


def read_alone(found: Sequence[Match], words: Words, instruments: Sequence[str]) -> tuple[str, ...]:
    """Return the families and ids to leave out where the words ask for these alone, else ()."""
    sounding = [match for match in found if not match.denied and _sounds(match)]
    if not instruments or not any(match.names(Kind.INSTRUMENT) or match.names(Kind.GENERIC) for match in sounding):
        return ()
    cue = _before(sounding[0], found, words) or _after(sounding[-1], words)
    if cue is None:
        return ()
    words.used.update(range(cue.start, cue.end))
    kept = {catalogue()[id_].family for id_ in instruments}
    kept |= _BEATEN if kept & _BEATEN else set()
    if any(catalogue()[id_].electronic for id_ in instruments):
        kept.add("synth")  # "synth" denies every electronic sound, so here its instruments are named one by one
    families = dict.fromkeys(info.family for info in catalogue().values() if info.family not in kept)
    others = [
        info.id for info in catalogue().values() if info.family in kept and info.id not in kept.union(instruments)
    ]
    return (*families, *others)


def voices_alone(found: Sequence[Match], words: Words, instruments: Sequence[str]) -> list[str]:
    """Return the families to leave out where the words ask for a cappella: all but voices and what is named beside."""
    asked = any(
        entry.name == _UNACCOMPANIED
        and not match.denied
        and not match.compared
        and words.at(match.span.end) not in _PARTS
        for match in found
        for entry in match.entries
    )
    if not asked:
        return []
    kept = {"voice", *(catalogue()[id_].family for id_ in instruments)}
    return list(dict.fromkeys(info.family for info in catalogue().values() if info.family not in kept))


def _sounds(match: Match) -> bool:
    """Whether it asks for a sound; a "beat" or a "melody" can only be denied."""
    rows = [lexicon().generics[name] for name in match.names(Kind.GENERIC)]
    asked = any(row.any or row.all or row.by_style for row in rows)
    return asked or bool(match.names(Kind.INSTRUMENT) or match.names(Kind.VOCALS))


def _before(first: Match, found: Sequence[Match], words: Words) -> Span | None:
    """Return "only" before the first sound, over adjectives; not "only a touch of", "not only" or "only until …"."""
    coloured = {index for match in found for index in range(match.span.start, match.span.end)}
    start = first.span.start
    for index in range(start - 1, max(-1, start - _BACK), -1):
        cue = words.here(cues().alone_before, index)
        if words.breaks(index):
            return None
        if cue is None or cue.end > start:
            continue
        between = [each for each in range(cue.end, start) if each not in coloured]
        if len(between) > _ADJECTIVES or any(words.at(each) in _STOPS for each in between):
            return None
        undone = words.at(index - 1) in {"not", "isn't", "aren't", "never"} or _has_amount(words, cue.end, first)
        return None if undone or _of_a_moment(found, words) else cue
    return None


def _has_amount(words: Words, start: int, first: Match) -> bool:
    return any(words.at(index) in words_of("alone", "amounts") for index in range(start, first.span.start))


def _of_a_moment(found: Sequence[Match], words: Words) -> bool:
    """ "Only drums until the chorus": whether the last sound of the list is followed by a moment of the song."""
    ends = [match.span.end for match in found if not match.denied and _sounds(match)]
    return any(words.here(cues().moment_after, end) for end in ends)


def _after(last: Match, words: Words) -> Span | None:
    """Return "only", "and nothing else" behind the last sound; not "only in the chorus"."""
    cue = words.here(cues().alone_after, last.span.end)
    if cue is None or words.here(cues().moment_after, cue.end):
        return None
    return cue
